package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
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

/** Something that waits to be written, with others in one transaction. */
public abstract sealed class Write {
    private final UniversalUuid execution;

    private Write(UniversalUuid execution) {
        this.execution = execution;
    }

    /** By which it is put in order. */
    public final UniversalUuid execution() {
        return execution;
    }

    /** Called after the commit. */
    public abstract void committed();

    /**
     * Called instead when it cannot be written for a reason of its own; nothing of it is stored then. False if that is nothing
     * to be told of, because nobody can do anything about it: then it is tried again, now and then.
     */
    public abstract boolean failed(Throwable error);

    /** Called instead when it is not tried any more, because the engine closes or others hold for too long what it needs. */
    void givenUp(Throwable error) {
        failed(error);
    }

    /** Called when it is not known whether it is stored, because the engine was closed while the database did not answer. */
    void leftUnknown() {}

    /** Whether it is tried as long as it takes when others hold what it needs. */
    boolean mayWait() {
        return true;
    }

    /** Whether it is likely that others hold what it needs, when something of its group does. */
    boolean mayMeetLocks() {
        return false;
    }

    /** What it may wait for because others have used it: keys of submissions. */
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

        /** What was asked cannot be done, and nothing was written: the others of the group need not know. */
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
                    "ENGINE_CLOSED",
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

    /** Executions to be stored; their ids are the result. */
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
     * Anything else that is written now and then. It may run more than once, and has no effects but those it says. It throws
     * that an execution is unknown or in the wrong state only when it changed nothing.
     */
    public static final class Call<R> extends Awaited<R> {
        private final Function<UnitOfWork, R> change;
        private final boolean mayWait;

        public Call(UniversalUuid execution, Function<UnitOfWork, R> change) {
            this(execution, change, true);
        }

        /** {@code mayWait}: otherwise it fails when others hold what it needs. */
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

    /** The end of an attempt. Nobody waits for it: what follows are its effects. */
    public static final class Ended extends Write {
        private final Outcome outcome;
        private final Witness witness;

        public Ended(Outcome outcome, Witness witness) {
            super(outcome.claim().execution());
            this.outcome = outcome;
            this.witness = witness;
        }

        /** That of a body which runs in the transaction of its end: whoever runs it sees what becomes of it. */
        public static Ended ofBody(Outcome outcome) {
            return new Ended(outcome, new Witness() {
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

        /** Is told what becomes of it. */
        public interface Witness {
            /** After the commit, before its effects, also when the claim was lost. */
            void written(Outcome outcome);

            /** It cannot be written for a reason of its own. False if nothing else can be written instead. */
            boolean unwritable(Outcome outcome, Throwable error);

            /** It is not tried any more. */
            void givenUp(Outcome outcome, Throwable error);
        }

        public Outcome finish() {
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

    /** Nothing at all: when it is answered, what was written before has been acted upon. */
    static final class Barrier extends Awaited<Boolean> {
        Barrier() {
            super(UniversalUuid.MAX);
            written(true);
        }

        /** Whatever became of those it was written with: it is over. */
        @Override
        public boolean failed(Throwable error) {
            committed();
            return true;
        }
    }

    /** Nothing but a reason for a transaction: something may be claimed. */
    public static final class Nudge extends Write {
        public Nudge() {
            super(UniversalUuid.MAX);
        }

        /** It is said again. */
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
