package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.RetryMode;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "retry",
        header = "Retry failed executions from the tasks that did not complete.",
        description = {
            "",
            "Failed tasks start again with all the attempts of their policy, and so do the",
            "skipped tasks after them. Completed tasks are not run again.",
            "",
            "An execution in which tasks have run after a failed one, such as a refund, is",
            "refused without --even-after-compensation. A failed child is retried through its",
            "parent, whose task begins another child."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions retry 3fa94c21 --database sqlite:app.db",
            "  cloacina executions retry 3fa94c21 77b0e9d2 0199ab --json",
            "  cloacina executions retry 3fa94c21 --even-after-compensation",
            "  cloacina executions retry --status failed --since 02:00 --error Timeout",
            "",
            "Exit codes:",
            "  0   success, for all of them",
            "  2   failed, or --yes is missing; the reason is on stderr",
            "  3   there is no such execution",
            "  4   one of them cannot be retried (see stderr); the others are"
        })
final class ExecutionsRetryCommand extends BulkCommand {
    @Option(
            names = "--even-after-compensation",
            description = {
                "Retry also when tasks have run after a failed one.",
                "Those that completed stay as they are."
            })
    private boolean isEvenAfterCompensation;

    @Override
    void intervene(Engine engine, UUID execution) {
        engine.retry(execution, how());
    }

    private RetryMode how() {
        return isEvenAfterCompensation ? RetryMode.evenAfterCompensation() : RetryMode.unlessCompensated();
    }

    @Override
    BulkAction action() {
        return BulkAction.retry(how());
    }

    @Override
    String done() {
        return "retried";
    }

    @Override
    boolean needsRunner() {
        return true;
    }
}
