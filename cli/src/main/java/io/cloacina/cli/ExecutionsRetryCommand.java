package io.cloacina.cli;

import io.cloacina.engine.Engine;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "retry",
        header = "Retry failed executions from the tasks that did not complete.",
        description = {
            "",
            "Failed tasks start again with all the attempts of their policy, and so do the",
            "skipped tasks after them. Completed tasks are not run again."
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
            "  0   success, for all of them",
            "  2   failed; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them is not failed; the others are retried"
        })
final class ExecutionsRetryCommand extends InterveneCommand {
    @Override
    void intervene(Engine engine, UUID execution) {
        engine.retry(execution);
    }

    @Override
    String done() {
        return "retried";
    }
}
