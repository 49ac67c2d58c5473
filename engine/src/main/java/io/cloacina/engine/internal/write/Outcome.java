package io.cloacina.engine.internal.write;

import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, to be recorded. The successors of the task inherit {@code context}; null if none of them does.
 */
public record Outcome(
        Claimed claimed, Ending ending, @Nullable AttemptContext context) {
    /** The ways an attempt ends. */
    public sealed interface Ending {}

    /** The body returned; {@code patch} is what the task wrote, null if nothing. */
    public record Completed(@Nullable String patch) implements Ending {}

    /** The body threw, and no further attempt follows. */
    public record Failed(String error, Throwable cause) implements Ending {}

    /** The body threw; a further attempt follows, not before {@code dueAt}. */
    public record Retried(
            String error, Throwable cause, @Nullable UniversalTimestamp dueAt) implements Ending {}

    /** The task is skipped, and why. */
    public record Skipped(String reason) implements Ending {}

    /** The attempt was given back without a failure; {@code why} no thread took its body, null for other reasons. */
    public record Released(@Nullable String why) implements Ending {
        public Released() {
            this(null);
        }
    }

    /** The definition does not have the task any more, so what follows the task is unknown. */
    public record Orphaned(String error) implements Ending {}

    /** The attempt gives its claim back and waits. It continues with another claim when what it waits for has come. */
    public sealed interface Suspended extends Ending {
        /** What the attempt waits for. */
        WaitKind kind();

        /** The signal that the attempt waits for; null if it waits for something else. */
        default @Nullable String signal() {
            return null;
        }

        /** When the attempt continues at the latest; null if it waits without a bound. */
        default @Nullable UniversalTimestamp dueAt() {
            return null;
        }

        /** How many children, or runs for elements, the attempt waits for. */
        default int children() {
            return 0;
        }
    }

    /** The attempt sleeps. */
    public record Sleeps(UniversalTimestamp dueAt) implements Suspended {
        @Override
        public WaitKind kind() {
            return WaitKind.TIME;
        }
    }

    /** The attempt waits for a signal. */
    public record Listens(String signal, @Nullable UniversalTimestamp dueAt) implements Suspended {
        @Override
        public WaitKind kind() {
            return WaitKind.SIGNAL;
        }
    }

    /** The attempt waits for a child, which is submitted with this ending. */
    public record Delegates(PreparedExecution child) implements Suspended {
        @Override
        public WaitKind kind() {
            return WaitKind.CHILDREN;
        }

        @Override
        public int children() {
            return 1;
        }
    }

    /** The attempt waits for a run for each of these elements, which are JSON; there is at least one. */
    public record Spreads(List<String> elements) implements Suspended {
        @Override
        public WaitKind kind() {
            return WaitKind.CHILDREN;
        }

        @Override
        public int children() {
            return elements.size();
        }
    }

    public Claim claim() {
        return claimed.claim();
    }
}
