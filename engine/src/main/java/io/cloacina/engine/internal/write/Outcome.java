package io.cloacina.engine.internal.write;

import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, to be recorded. {@code context} is what its successors inherit, null if nobody shall. */
public record Outcome(
        Claimed claimed, Ending ending, @Nullable AttemptContext context) {
    /** The ways an attempt ends. */
    public sealed interface Ending {}

    /** The body returned; {@code patch} is what it wrote, null if nothing. */
    public record Completed(@Nullable String patch) implements Ending {}

    /** The body threw, for good. */
    public record Failed(String error, Throwable cause) implements Ending {}

    /** The body threw and is tried again, not before {@code dueAt}. */
    public record Retried(
            String error, Throwable cause, @Nullable UniversalTimestamp dueAt) implements Ending {}

    /** The task does not run after all, and why. */
    public record Skipped(String reason) implements Ending {}

    /** It was given back: no failure. */
    public record Released() implements Ending {}

    /** The definition does not know the task any more: nothing can follow it. */
    public record Orphaned(String error) implements Ending {}

    /** It continues in another claim, when what it waits for has come. */
    public sealed interface Suspended extends Ending {
        /** What it waits for. */
        WaitKind kind();

        /** The signal that it waits for, if it waits for one. */
        default @Nullable String signal() {
            return null;
        }

        /** When it continues in any case; null if never. */
        default @Nullable UniversalTimestamp dueAt() {
            return null;
        }

        /** How many children or runs for elements it waits for. */
        default int children() {
            return 0;
        }
    }

    /** It sleeps. */
    public record Sleeps(UniversalTimestamp dueAt) implements Suspended {
        @Override
        public WaitKind kind() {
            return WaitKind.TIME;
        }
    }

    /** It waits for a signal. */
    public record Listens(String signal, @Nullable UniversalTimestamp dueAt) implements Suspended {
        @Override
        public WaitKind kind() {
            return WaitKind.SIGNAL;
        }
    }

    /** It waits for an execution that begins with this. */
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

    /** It waits for a run for each of these elements, which are JSON; at least one. */
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
