package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "pause",
        header = "Pause executions.",
        description = {
            "",
            "No task of them or of their children starts until they are resumed; running",
            "tasks continue. Pausing a paused execution only changes its reason, if given."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions pause 3fa94c21 --database sqlite:app.db",
            "  cloacina executions pause 3fa94c21 --reason \"the bank is closed\"",
            "  cloacina executions pause --workflow order --status pending,running --yes --wait",
            "",
            "Exit codes:",
            "  0   success, for all of them",
            "  2   failed, or --yes is missing; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them has ended; the others are paused"
        })
final class ExecutionsPauseCommand extends BulkCommand {
    @Option(names = "--reason", paramLabel = "TEXT", description = "The reason; 'executions show' prints it.")
    private @Nullable String reason;

    @Override
    void intervene(Engine engine, UUID execution) {
        engine.pause(execution, reason);
    }

    @Override
    BulkAction action() {
        return BulkAction.pause(reason);
    }

    @Override
    String done() {
        return "paused";
    }
}
