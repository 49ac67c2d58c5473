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
    public sealed interface Ending {
        /** Adds an outcome with this ending to those that end in the same way. */
        void addTo(Kinds kinds, Outcome outcome);
    }

    /** Takes an outcome with its ending as the type that it has. */
    public interface Kinds {
        void add(Outcome outcome, Completed ending);

        void add(Outcome outcome, Failed ending);

        void add(Outcome outcome, Retried ending);

        void add(Outcome outcome, Skipped ending);

        void add(Outcome outcome, Released ending);

        void add(Outcome outcome, Orphaned ending);

        void add(Outcome outcome, Suspended ending);
    }

    /** The body returned; {@code patch} is what the task wrote, null if nothing. */
    public record Completed(@Nullable String patch) implements Ending {
        @Override
        public void addTo(Kinds kinds, Outcome outcome) {
            kinds.add(outcome, this);
        }
    }

    /** The body threw, and no further attempt follows. */
    public record Failed(String error, Throwable cause) implements Ending {
        @Override
        public void addTo(Kinds kinds, Outcome outcome) {
            kinds.add(outcome, this);
        }
    }

    /** The body threw; a further attempt follows, not before {@code dueAt}. */
    public record Retried(
            String error, Throwable cause, @Nullable UniversalTimestamp dueAt) implements Ending {
        @Override
        public void addTo(Kinds kinds, Outcome outcome) {
            kinds.add(outcome, this);
        }
    }

    /** The task is skipped, and why. */
    public record Skipped(String reason) implements Ending {
        @Override
        public void addTo(Kinds kinds, Outcome outcome) {
            kinds.add(outcome, this);
        }
    }

    /** The attempt was given back without a failure; {@code why} no thread took its body, null for other reasons. */
    public record Released(@Nullable String why) implements Ending {
        public Released() {
            this(null);
        }

        @Override
        public void addTo(Kinds kinds, Outcome outcome) {
            kinds.add(outcome, this);
        }
    }

    /** The definition does not have the task any more, so what follows the task is unknown. */
    public record Orphaned(String error) implements Ending {
        @Override
        public void addTo(Kinds kinds, Outcome outcome) {
            kinds.add(outcome, this);
        }
    }

    /** The attempt gives its claim back and waits. It continues with another claim when what it waits for has come. */
    public sealed interface Suspended extends Ending {
        @Override
        default void addTo(Kinds kinds, Outcome outcome) {
            kinds.add(outcome, this);
        }

        /** Calls the one case that this ending is. */
        void in(Cases cases);

        /** What follows from each way to wait. */
        interface Cases {
            void sleeps(Sleeps ending);

            void listens(Listens ending);

            void delegates(Delegates ending);

            void spreads(Spreads ending);
        }

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
        public void in(Cases cases) {
            cases.sleeps(this);
        }

        @Override
        public WaitKind kind() {
            return WaitKind.TIME;
        }
    }

    /** The attempt waits for a signal. */
    public record Listens(String signal, @Nullable UniversalTimestamp dueAt) implements Suspended {
        @Override
        public void in(Cases cases) {
            cases.listens(this);
        }

        @Override
        public WaitKind kind() {
            return WaitKind.SIGNAL;
        }
    }

    /** The attempt waits for a child, which is submitted with this ending. */
    public record Delegates(PreparedExecution child) implements Suspended {
        @Override
        public void in(Cases cases) {
            cases.delegates(this);
        }

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
        public void in(Cases cases) {
            cases.spreads(this);
        }

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

    /** What the task wrote; null if nothing, or if it did not complete. */
    public @Nullable String patch() {
        return ending instanceof Completed completed ? completed.patch() : null;
    }
}
