package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.write.CompletionWaiters;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the end of executions, in whichever process they end. Thread safe. */
final class ExecutionWaiter {
    /** How often to read an execution that another process may have ended. */
    private static final long RECHECK_MILLIS = 250;

    private final EngineRuntime runtime;
    private final Database database;

    ExecutionWaiter(EngineRuntime runtime) {
        this.runtime = runtime;
        this.database = runtime.parts().database();
    }

    /** Waits without a limit of time; in an engine that is driven manually, only checks once. */
    Execution await(UUID execution) {
        return await(execution, runtime.mode() == Mode.MANUAL ? Duration.ZERO : Arguments.LONGEST)
                .orElseThrow(() -> new CloacinaException(
                        ErrorCodes.MANUAL_ENGINE,
                        "execution " + execution + " is not finished, and an engine that is driven manually runs"
                                + " nothing while a thread waits: call tick() first"));
    }

    /** Empty if the execution has not ended in that time. */
    Optional<Execution> await(UUID execution, Duration atMost) {
        requireOutside(execution, atMost);
        WriteLanes.requireNoTransaction(runtime.parts());
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMost.toMillis());
        UniversalUuid id = UniversalUuid.of(execution);
        CompletionWaiters waiters = runtime.parts().waiters();
        CompletableFuture<Optional<Execution>> finished = waiters.of(id);
        try {
            // The future exists before the reads below, so an end in between is seen by one of the two.
            boolean look = !runsHere(id);
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                Optional<Execution> ended =
                        look || left <= 0 ? look(execution).filter(Execution::isFinished) : Optional.empty();
                if (ended.isPresent() || left <= 0) {
                    return ended;
                }
                look = true;
                Optional<Execution> told = waitFor(finished, Math.min(left, RECHECK_MILLIS), execution);
                if (told.isPresent()) {
                    return told;
                }
                if (finished.isDone()) {
                    finished = waiters.of(id);
                }
            }
        } finally {
            waiters.forget(id, finished);
        }
    }

    /**
     * Whether an attempt of the execution runs here. Then it is not finished, unless another process ended it, and its end will
     * wake this thread: so the first read can be skipped.
     */
    private boolean runsHere(UniversalUuid id) {
        return runtime.dispatcher().underWay().stream()
                .anyMatch(each -> each.claim().execution().equals(id) && !each.isInterrupted() && !each.isRecorded());
    }

    /**
     * Refuses to wait in threads of the engine. If all bodies waited for executions, no slot would be left to run these. If a
     * callback waited, later events would not be delivered, and in the end no body would start. Reading without waiting is
     * allowed.
     */
    private void requireOutside(UUID execution, Duration atMost) {
        OwnThreads.Work work = runtime.own().present();
        if (work == null || atMost.isZero() || atMost.isNegative()) {
            return;
        }
        if (work == OwnThreads.Work.BODY) {
            throw new CloacinaException(
                    ErrorCodes.AWAIT_IN_BODY,
                    "the body of a task cannot await execution " + execution + ": it keeps its slot while it waits,"
                            + " and if all slots wait, no slot is left for the executions that they wait for. Give the"
                            + " task a child instead, with child(\"workflow\") in its definition or with @Child, which"
                            + " keeps no slot; or ask with find");
        }
        throw new CloacinaException(
                ErrorCodes.AWAIT_IN_CALLBACK,
                "a callback or a listener cannot await execution " + execution + ": its thread delivers all later"
                        + " events, and if very many events wait, the engine runs no more tasks. React to the end in a"
                        + " listener, await it in another thread, or ask with find");
    }

    /** The execution; empty while the database is busy or cannot be reached, so that the wait continues. */
    private Optional<Execution> look(UUID execution) {
        try {
            return Optional.of(database.find(HistoryStore.FIND, UniversalUuid.of(execution))
                    .orElseThrow(() -> new UnknownExecutionException(execution)));
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.CLOSED) {
                throw closedWhile(execution);
            }
            if (!e.kind().isRetryable()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static CloacinaException closedWhile(UUID execution) {
        return new CloacinaException(
                ErrorCodes.ENGINE_CLOSED, "the engine was closed while execution " + execution + " was awaited");
    }

    /** The end, if whoever ended it in this process has read it; otherwise it is time to look. */
    private Optional<Execution> waitFor(CompletableFuture<Optional<Execution>> finished, long millis, UUID execution) {
        if (runtime.isClosing()) {
            throw closedWhile(execution);
        }
        try {
            return finished.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Another process may have ended it without a notification: read again.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloacinaException(
                    ErrorCodes.INTERRUPTED, "interrupted while execution " + execution + " was awaited", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("completions never fail", e);
        }
    }
}
