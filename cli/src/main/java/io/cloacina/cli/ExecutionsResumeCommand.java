package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "resume",
        header = "Resume paused executions.",
        description = {
            "",
            "Ready tasks start at once, those of children too. Resuming an execution that is",
            "not paused does nothing."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions resume 3fa94c21 --database sqlite:app.db",
            "  cloacina executions resume 3fa94c21 77b0e9d2 0199ab --json",
            "  cloacina executions resume --workflow order --status paused --yes",
            "",
            "Exit codes:",
            "  0   success, for all of them",
            "  2   failed, or --yes is missing; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them has ended; the others are resumed"
        })
final class ExecutionsResumeCommand extends BulkCommand {
    @Override
    void intervene(Engine engine, UUID execution) {
        engine.resume(execution);
    }

    @Override
    BulkAction action() {
        return BulkAction.resume();
    }

    @Override
    String done() {
        return "resumed";
    }

    @Override
    boolean needsRunner() {
        return true;
    }
}
