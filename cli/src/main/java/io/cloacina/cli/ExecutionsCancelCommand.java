package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.Cancel;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "cancel",
        header = "Cancel executions.",
        description = {
            "",
            "No task of them starts any more, and running tasks are interrupted. Cancelling a",
            "cancelled execution does nothing.",
            "",
            "With --compensate the active tasks fail, tasks that react to that run, and the",
            "executions are cancelled when these have ended; otherwise they end at once."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions cancel 3fa94c21 --database sqlite:app.db",
            "  cloacina executions cancel 3fa94c21 77b0e9d2 0199ab --json",
            "  cloacina executions cancel 3fa94c21 --compensate",
            "  cloacina executions cancel --workflow order --label customer=ada --yes",
            "",
            "Exit codes:",
            "  0   success, for all of them",
            "  2   failed, or --yes is missing; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them is completed or failed; the others are cancelled"
        })
final class ExecutionsCancelCommand extends BulkCommand {
    @Option(
            names = "--compensate",
            description = {"Let tasks run that react to the failure of the", "active ones."})
    private boolean isCompensated;

    @Override
    void intervene(Engine engine, UUID execution) {
        engine.cancel(execution, how());
    }

    private Cancel how() {
        return isCompensated ? Cancel.withCompensation() : Cancel.immediately();
    }

    @Override
    BulkAction action() {
        return BulkAction.cancel(how());
    }

    @Override
    String done() {
        return isCompensated ? "cancelled, with compensation," : "cancelled";
    }

    @Override
    boolean needsRunner() {
        return isCompensated;
    }
}
