package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "cancel",
        header = "Cancel executions.",
        description = {
            "",
            "No task of them starts any more, and running tasks are interrupted. Cancelling a",
            "cancelled execution does nothing."
        },
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  cloacina executions cancel 3fa94c21 --database sqlite:app.db",
            "  cloacina executions cancel 3fa94c21 77b0e9d2 0199ab --json",
            "  cloacina executions cancel --workflow order --label customer=ada --yes",
            "",
            "Exit codes:",
            "  0   success, for all of them",
            "  2   failed, or --yes is missing; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them is completed or failed; the others are cancelled"
        })
final class ExecutionsCancelCommand extends BulkCommand {
    @Override
    void intervene(Engine engine, UUID execution) {
        engine.cancel(execution);
    }

    @Override
    BulkAction action() {
        return BulkAction.cancel();
    }

    @Override
    String done() {
        return "cancelled";
    }
}
