package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pending write, which shares a transaction with others. */
public abstract sealed class Write {
    private final UniversalUuid execution;

    private Write(UniversalUuid execution) {
        this.execution = execution;
    }

    /** By this id, usually that of an execution, writes are assigned to a lane and ordered in their group. */
    public final UniversalUuid execution() {
        return execution;
    }

    /** Called after the commit. */
    public abstract void committed();

    /**
     * Called instead of {@link #committed} if the write fails by itself; nothing of it is stored then. False if the
     * caller need not know, because no caller can do anything about it: then it is retried now and then.
     */
    public abstract boolean failed(Throwable error);

    /**
     * Called instead of {@link #committed} if it is not retried any more, because the engine closes while a lock or the
     * database prevents it.
     */
    void givenUp(Throwable error) {
        failed(error);
    }

    /**
     * Called if it is not known whether it is stored, because the engine was closed while the database did not answer.
     */
    void leftUnknown() {}

    /** Whether it is retried without a bound while other transactions hold its locks. */
    boolean mayWait() {
        return true;
    }

    /** Whether this write is likely to be the cause when its group waits for a lock. */
    boolean mayMeetLocks() {
        return false;
    }

    /** The idempotency keys of its submissions, for which it may have to wait while other transactions use them. */
    Set<ExecutionStore.Key> keys() {
        return Set.of();
    }

    /** A write whose caller waits for its result. */
    abstract static sealed class Awaited<R> extends Write {
        private final CompletableFuture<R> result = new CompletableFuture<>();
        private @Nullable R written;
        private @Nullable CloacinaException refused;

        private Awaited(UniversalUuid execution) {
            super(execution);
        }

        final void written(R value) {
            written = value;
            refused = null;
        }

        /** The operation is refused, and wrote nothing, so that the transaction of the group can be committed. */
        final void refused(CloacinaException why) {
            refused = why;
        }

        @Override
        public final void committed() {
            if (refused != null) {
                result.completeExceptionally(refused);
            } else {
                result.complete(written);
            }
        }

        @Override
        public boolean failed(Throwable error) {
            result.completeExceptionally(error);
            return true;
        }

        @Override
        final void leftUnknown() {
            failed(new CloacinaException(
                    ErrorCodes.ENGINE_CLOSED,
                    "the engine was closed while the database did not answer; whether it was stored is not known"));
        }

        /** Whether the result is there. */
        final boolean isDone() {
            return result.isDone();
        }

        /** Waits for the commit. */
        public final R result() {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }

    /** A submission of executions; their ids are the result. */
    public static final class Submit extends Awaited<List<UniversalUuid>> {
        private final List<PreparedExecution> submissions;

        public Submit(List<PreparedExecution> submissions) {
            super(submissions.get(0).id());
            this.submissions = submissions;
        }

        public List<PreparedExecution> submissions() {
            return submissions;
        }

        @Override
        boolean mayMeetLocks() {
            return submissions.stream().anyMatch(each -> each.key() != null);
        }

        @Override
        Set<ExecutionStore.Key> keys() {
            return submissions.stream()
                    .filter(each -> each.key() != null)
                    .map(PreparedExecution::usedKey)
                    .collect(Collectors.toSet());
        }

        @Override
        public String toString() {
            PreparedExecution first = submissions.get(0);
            return submissions.size() == 1
                    ? "the submission of workflow '" + first.workflow().name() + "'"
                            + (first.key() == null ? "" : " with key '" + ErrorText.shown(first.key()) + "'")
                    : "a batch of " + submissions.size() + " submissions";
        }
    }

    /**
     * Any other write with a result. It may run more than once, and has no effects but those of its transaction. It
     * throws {@link UnknownExecutionException} and {@link ExecutionStateException} only if it changed nothing.
     */
    public static final class Call<R> extends Awaited<R> {
        private final Function<UnitOfWork, R> change;
        private final boolean mayWait;

        public Call(UniversalUuid execution, Function<UnitOfWork, R> change) {
            this(execution, change, true);
        }

        /** @param mayWait false if it fails when other transactions hold its locks */
        public Call(UniversalUuid execution, Function<UnitOfWork, R> change, boolean mayWait) {
            super(execution);
            this.change = change;
            this.mayWait = mayWait;
        }

        @Override
        boolean mayWait() {
            return mayWait;
        }

        @Override
        boolean mayMeetLocks() {
            return true;
        }

        @Override
        public String toString() {
            return "a change of " + execution();
        }

        void run(UnitOfWork work) {
            try {
                written(change.apply(work));
            } catch (UnknownExecutionException | ExecutionStateException e) {
                refused(e);
            }
        }
    }

    /** The end of an attempt. No caller waits for its result. */
    public static final class AttemptEnd extends Write {
        private final Outcome outcome;
        private final Witness witness;

        public AttemptEnd(Outcome outcome, Witness witness) {
            super(outcome.claim().execution());
            this.outcome = outcome;
            this.witness = witness;
        }

        /**
         * The end of a body that runs in the transaction of this end: the runner of the body sees what becomes of it.
         */
        public static AttemptEnd ofBody(Outcome outcome) {
            return new AttemptEnd(outcome, new Witness() {
                @Override
                public void written(Outcome written) {}

                @Override
                public boolean unwritable(Outcome unwritten, Throwable error) {
                    return true;
                }

                @Override
                public void givenUp(Outcome unwritten, Throwable error) {}
            });
        }

        /** Is told what becomes of the end of an attempt. */
        public interface Witness {
            /** Called after the commit, before its effects are acted upon, even if the claim was lost. */
            void written(Outcome outcome);

            /** The end cannot be written for a reason of its own. False if nothing else can be written in its place. */
            boolean unwritable(Outcome outcome, Throwable error);

            /** The end is not retried any more. */
            void givenUp(Outcome outcome, Throwable error);
        }

        public Outcome outcome() {
            return outcome;
        }

        @Override
        public String toString() {
            Claim claim = outcome.claim();
            return "the end of attempt " + claim.run() + " of task '" + claim.taskName() + "' of execution "
                    + claim.execution();
        }

        @Override
        public void committed() {
            witness.written(outcome);
        }

        @Override
        public boolean failed(Throwable error) {
            return witness.unwritable(outcome, error);
        }

        @Override
        void givenUp(Throwable error) {
            witness.givenUp(outcome, error);
        }
    }

    /** A marker without content: when it is answered, all earlier writes have been written and acted upon. */
    static final class Barrier extends Awaited<Boolean> {
        Barrier() {
            super(UniversalUuid.MAX);
            written(true);
        }

        /** Its group has failed, which is an answer, too. */
        @Override
        public boolean failed(Throwable error) {
            committed();
            return true;
        }
    }

    /** A write without content, as a reason for a transaction that may claim tasks. */
    public static final class Nudge extends Write {
        public Nudge() {
            super(UniversalUuid.MAX);
        }

        /** It need not wait: a later nudge takes its place. */
        @Override
        boolean mayWait() {
            return false;
        }

        @Override
        public void committed() {}

        @Override
        public boolean failed(Throwable error) {
            return true;
        }
    }
}
