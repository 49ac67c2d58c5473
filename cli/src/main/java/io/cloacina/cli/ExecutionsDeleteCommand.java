package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "delete",
        header = "Delete executions that have ended, with all their rows.",
        description = {
            "",
            "Their children are deleted with them. This cannot be undone. Old executions",
            "are deleted by retention without this."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions delete 3fa94c21 --database sqlite:app.db",
            "  cloacina executions delete --workflow order --status completed --until 7d",
            "",
            "Exit codes:",
            "  0   success, for all of them",
            "  2   failed, or --yes is missing; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them has not ended; the others are deleted"
        })
final class ExecutionsDeleteCommand extends BulkCommand {
    @Override
    void intervene(Engine engine, UUID execution) {
        engine.delete(execution);
    }

    @Override
    BulkAction action() {
        return BulkAction.delete();
    }

    @Override
    String done() {
        return "deleted";
    }
}
