package io.cloacina.cli;

import io.cloacina.engine.Engine;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "retry",
        header = "Begin failed executions again with what had not completed.",
        description = {
            "",
            "Failed tasks begin anew with all the attempts of their policy, and so do those",
            "after them that were skipped. What completed is not run again."
        },
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  cloacina executions retry 3fa94c21 --database sqlite:app.db",
            "  cloacina executions retry 3fa94c21 77b0e9d2 0199ab --json",
            "",
            "Exit codes:",
            "  0   it is done, to all of them",
            "  2   failed; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them is not failed; the others begin again"
        })
final class ExecutionsRetryCommand extends InterveneCommand {
    @Override
    void intervene(Engine engine, UUID execution) {
        engine.retry(execution);
    }

    @Override
    String done() {
        return "begun again:";
    }
}
