package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that waits to be written, with others in one transaction. */
abstract sealed class Write {
    private final UniversalUuid execution;

    private Write(UniversalUuid execution) {
        this.execution = execution;
    }

    /** By which it is put in order. */
    final UniversalUuid execution() {
        return execution;
    }

    /** Called after the commit. */
    abstract void committed();

    /** Called instead when it cannot be written; nothing of it is stored then. */
    abstract void failed(Throwable error);

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
        final void committed() {
            if (refused != null) {
                result.completeExceptionally(refused);
            } else {
                result.complete(written);
            }
        }

        @Override
        void failed(Throwable error) {
            result.completeExceptionally(error);
        }

        /** Waits for the commit. */
        final R result() {
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
    static final class Submit extends Awaited<List<UniversalUuid>> {
        private final List<Submitter.Prepared> submissions;

        Submit(List<Submitter.Prepared> submissions) {
            super(submissions.get(0).id());
            this.submissions = submissions;
        }

        List<Submitter.Prepared> submissions() {
            return submissions;
        }
    }

    /**
     * Anything else that is written now and then. It may run more than once, and has no effects but those it says. It throws
     * that an execution is unknown or in the wrong state only when it changed nothing.
     */
    static final class Call<R> extends Awaited<R> {
        private final BiFunction<WriteTransaction, Effects, R> work;

        Call(UniversalUuid execution, BiFunction<WriteTransaction, Effects, R> work) {
            super(execution);
            this.work = work;
        }

        void run(WriteTransaction transaction, Effects effects) {
            try {
                written(work.apply(transaction, effects));
            } catch (UnknownExecutionException | ExecutionStateException e) {
                refused(e);
            }
        }
    }

    /** The end of an attempt. Nobody waits for it: what follows are its effects. */
    static final class Ended extends Write {
        private final Finish finish;
        private final Consumer<Finish> written;
        private final BiConsumer<Finish, Throwable> unwritable;

        /**
         * @param written told after the commit, before its effects, also when the claim was lost
         * @param unwritable told when the end cannot be written
         */
        Ended(Finish finish, Consumer<Finish> written, BiConsumer<Finish, Throwable> unwritable) {
            super(finish.claim().execution());
            this.finish = finish;
            this.written = written;
            this.unwritable = unwritable;
        }

        Finish finish() {
            return finish;
        }

        @Override
        void committed() {
            written.accept(finish);
        }

        @Override
        void failed(Throwable error) {
            unwritable.accept(finish, error);
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
        void failed(Throwable error) {
            committed();
        }
    }

    /** Nothing but a reason for a transaction: something may be claimed. */
    static final class Nudge extends Write {
        Nudge() {
            super(UniversalUuid.MAX);
        }

        @Override
        void committed() {}

        @Override
        void failed(Throwable error) {}
    }
}
