package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs workflows in this process and keeps every state change in a database. Thread safe; close it when done.
 *
 * <pre>{@code
 * try (Engine engine = Engine.builder("sqlite:app.db").workflow(weather).start()) {
 *     UUID id = engine.submit("weather", Map.of("city", "Seattle"));
 *     Execution done = engine.await(id);
 * }
 * }</pre>
 */
public final class Engine implements AutoCloseable {
    /** How long a wait believes that no other process ended the execution. */
    private static final long RECHECK_MILLIS = 250;

    private static final Duration[] RECHECKS_AFTER_JOIN = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    private final Machinery machinery;
    private final Database database;
    private final Settings settings;
    private final Workflows workflows;
    private final WriteLanes lanes;
    private final Interventions interventions;
    private final Semaphore submissions;

    Engine(Machinery machinery) {
        this.machinery = machinery;
        this.database = machinery.parts().database();
        this.settings = machinery.parts().settings();
        this.workflows = machinery.parts().workflows();
        this.lanes = machinery.lanes();
        this.interventions = new Interventions(workflows);
        this.submissions = new Semaphore(settings.maxWaitingSubmissions());
    }

    /** Begins an engine on the database of that URL, see {@link io.cloacina.schema.database.DatabaseUrl#FORMS}. */
    public static EngineBuilder builder(String url) {
        return new EngineBuilder(statements -> Database.open(url, statements));
    }

    /**
     * Begins an engine on the connections of a data source, which stays the caller's to close. On PostgreSQL it should give
     * ten connections or more, of which one is kept to hear of others; on SQLite up to six.
     */
    public static EngineBuilder builder(DataSource source) {
        return new EngineBuilder(statements -> Database.open(source, statements));
    }

    /**
     * Stores an execution of a workflow; when this returns, a crash does not lose it.
     *
     * @param input values that can be JSON
     * @return its id
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     */
    public UUID submit(String workflow, Map<String, ?> input) {
        return submit(Submission.of(workflow).input(input));
    }

    /**
     * Stores an execution; when this returns, a crash does not lose it. While the database is away it waits, until the engine
     * is closed.
     *
     * @return its id; with an idempotency key that was used before, that of the first execution
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     * @throws CloacinaException if the input cannot be JSON or is too large, or the engine is closed
     */
    public UUID submit(Submission submission) {
        return submitAll(List.of(submission)).get(0);
    }

    /**
     * Stores executions in one transaction: all of them or, when this throws, none. Otherwise as {@link #submit(Submission)}.
     *
     * @return their ids, in the order of the submissions
     */
    public List<UUID> submitAll(List<Submission> all) {
        if (all.isEmpty()) {
            return List.of();
        }
        machinery.announcer().awaitRoom();
        submissions.acquireUninterruptibly();
        try {
            // Otherwise those who submit without a pause would keep the lanes from ending.
            if (machinery.isClosing()) {
                throw new CloacinaException("ENGINE_CLOSED", "the engine is closed; nothing was stored");
            }
            return values(store(prepared(all)));
        } finally {
            submissions.release();
        }
    }

    /**
     * Stores an execution inside the caller's own transaction: it exists when and if that is committed, and starts soon after.
     *
     * @param connection of the engine's database, not in auto-commit mode; on SQLite best begun with {@code BEGIN IMMEDIATE}
     * @throws DatabaseException if the connection is of another database or in no transaction, or as the database says; the
     *     caller's transaction can go on, without this
     */
    public UUID submit(Connection connection, Submission submission) {
        List<Submitter.Prepared> prepared = prepared(List.of(submission));
        List<UniversalUuid> ids = database.join(connection, transaction -> {
            // Nothing is claimed: nobody knows whether the caller commits.
            Effects effects =
                    new Effects(machinery.parts().slots(), machinery.parts().waiting(), false, 0);
            List<UniversalUuid> stored = machinery.submitter().submit(transaction, prepared, effects);
            machinery.parts().hinting().tellAll(transaction, effects);
            return stored;
        });
        for (Duration later : RECHECKS_AFTER_JOIN) {
            machinery.upkeep().pollAfter(later);
        }
        return ids.get(0).value();
    }

    /** The execution of that id. */
    public Optional<Execution> find(UUID execution) {
        return database.find(HistoryStore.FIND, UniversalUuid.of(execution));
    }

    /** Executions, newest first, a page at a time. */
    public List<Execution> list(ExecutionQuery query) {
        return query.run(database);
    }

    /** The executions of a workflow that are not finished, oldest first. */
    public List<Execution> unfinished(String workflow) {
        return database.list(HistoryStore.UNFINISHED, workflow);
    }

    /** The tasks of an execution, in the order of the definition; none if there is no such execution. */
    public List<TaskExecution> tasks(UUID execution) {
        return database.list(HistoryStore.TASKS, UniversalUuid.of(execution));
    }

    /** What was recovered of an execution, in order. */
    public List<RecoveryEvent> recoveries(UUID execution) {
        return database.list(HistoryStore.RECOVERIES, UniversalUuid.of(execution));
    }

    /**
     * The input of an execution with all that its tasks wrote so far.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws CloacinaException if the engine does not have its workflow
     */
    public Context context(UUID execution) {
        Execution found = find(execution).orElseThrow(() -> new UnknownExecutionException(execution));
        Workflow workflow = workflows
                .find(found.workflow(), found.version())
                .orElseThrow(() -> new CloacinaException(
                        "UNKNOWN_WORKFLOW",
                        "execution " + execution + " is of workflow '" + found.workflow() + "' version "
                                + found.version() + ", which this engine does not have"));
        return new JsonContext(
                machinery.contexts().loadAll(UniversalUuid.of(execution), workflow),
                "the context of execution " + execution);
    }

    /**
     * Waits until an execution is finished.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws CloacinaException if the engine is closed or the thread interrupted meanwhile
     */
    public Execution await(UUID execution) {
        return await(execution, machinery.isByHand() ? Duration.ZERO : Duration.ofDays(36_500))
                .orElseThrow(() -> new CloacinaException(
                        "BY_HAND",
                        "execution " + execution + " is not finished, and nothing happens while one waits for an engine"
                                + " that is turned by hand: tick it first"));
    }

    /** Waits until an execution is finished, at most that long; empty if it is not finished then. */
    public Optional<Execution> await(UUID execution, Duration atMost) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMost.toMillis());
        UniversalUuid id = UniversalUuid.of(execution);
        CompletableFuture<Void> finished = machinery.completions().of(id);
        try {
            while (true) {
                // The future was there before this look: an end in between is seen by one of the two.
                Optional<Execution> ended = look(execution).filter(Execution::isFinished);
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (ended.isPresent() || left <= 0) {
                    return ended;
                }
                waitFor(finished, Math.min(left, RECHECK_MILLIS), execution);
                if (finished.isDone()) {
                    finished = machinery.completions().of(id);
                }
            }
        } finally {
            machinery.completions().forget(id, finished);
        }
    }

    /**
     * Cancels an execution: nothing of it starts any more, bodies that run are interrupted, here at once and in other
     * processes soon, and what they do cannot be recorded. Cancelling a cancelled one does nothing.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is completed or failed
     */
    public void cancel(UUID execution) {
        intervene(execution, (transaction, id, at, effects) -> Interventions.cancel(transaction, id, at, effects));
    }

    /**
     * Pauses an execution: no task of it starts until it is resumed; running ones go on. Pausing a paused one does nothing.
     *
     * @param reason why, for those who look at it; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished
     */
    public void pause(UUID execution, @Nullable String reason) {
        String text = reason == null ? null : ErrorText.storable(reason);
        intervene(execution, (transaction, id, at, effects) -> Interventions.pause(transaction, id, text, at, effects));
    }

    /**
     * Lets a paused execution go on.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not paused
     */
    public void resume(UUID execution) {
        intervene(execution, interventions::resume);
    }

    /**
     * Opens a failed execution again: its failed tasks begin anew with all the attempts of their policy, and so do those after
     * them that were skipped; what completed stays as it is, with what follows it, also where a rule there names a failed task.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not failed
     * @throws CloacinaException if the engine does not have its workflow in its version
     */
    public void retryFailed(UUID execution) {
        intervene(execution, interventions::retryFailed);
    }

    /** Stops claiming, lets running tasks end within the grace, interrupts and gives back the others, and closes the database. */
    @Override
    public void close() {
        machinery.close();
    }

    /** How many callers wait until theirs may be prepared. */
    int waitingSubmitters() {
        return submissions.getQueueLength();
    }

    private interface Intervention {
        void on(WriteTransaction transaction, UniversalUuid execution, UniversalTimestamp at, Effects effects);
    }

    private void intervene(UUID execution, Intervention intervention) {
        UniversalUuid id = UniversalUuid.of(execution);
        lanes.call(id, (transaction, effects) -> {
            intervention.on(transaction, id, UniversalTimestamp.now(settings.clock()), effects);
            return id;
        });
    }

    private List<Submitter.Prepared> prepared(List<Submission> all) {
        UniversalTimestamp at = UniversalTimestamp.now(settings.clock());
        return all.stream().map(submission -> prepared(submission, at)).toList();
    }

    private Submitter.Prepared prepared(Submission submission, UniversalTimestamp at) {
        Workflow workflow = workflows.named(submission.workflow());
        ObjectNode input = JsonContext.object(submission.input());
        return new Submitter.Prepared(
                UniversalUuid.v7(),
                workflow,
                input,
                JsonContext.stored(
                        input, "the input of workflow '" + workflow.name() + "'", settings.maxContextBytes()),
                submission.idempotencyKey().orElse(null),
                submission.priority(),
                submission
                        .startAfter(at.toInstant())
                        .map(UniversalTimestamp::of)
                        .orElse(null),
                at);
    }

    private List<UniversalUuid> store(List<Submitter.Prepared> prepared) {
        try {
            return lanes.write(new Write.Submit(prepared));
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.UNIQUE) {
                throw e;
            }
            // Otherwise another process used one of the keys at the same time: its execution is the first.
            return lanes.call(prepared.get(0).id(), (transaction, effects) -> arrived(transaction, prepared))
                    .orElseGet(() -> store(prepared));
        }
    }

    /** Nobody else has these ids: when one of them is stored, a commit whose answer was lost had arrived. */
    private static Optional<List<UniversalUuid>> arrived(
            WriteTransaction transaction, List<Submitter.Prepared> prepared) {
        List<UniversalUuid> ids = new ArrayList<>();
        boolean arrived = false;
        for (Submitter.Prepared each : prepared) {
            boolean isStored = transaction.find(HistoryStore.FIND, each.id()).isPresent();
            arrived |= isStored;
            ids.add(isStored ? each.id() : Submitter.first(transaction, each).orElse(each.id()));
        }
        return arrived ? Optional.of(ids) : Optional.empty();
    }

    /** Empty while the database is busy or away: then one goes on waiting. */
    private Optional<Execution> look(UUID execution) {
        try {
            return Optional.of(find(execution).orElseThrow(() -> new UnknownExecutionException(execution)));
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
                "ENGINE_CLOSED", "the engine was closed while execution " + execution + " was awaited");
    }

    private void waitFor(CompletableFuture<Void> finished, long millis, UUID execution) {
        if (machinery.isClosing()) {
            throw closedWhile(execution);
        }
        try {
            finished.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Another process may have ended it without telling: look again.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloacinaException("INTERRUPTED", "interrupted while execution " + execution + " was awaited", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("completions never fail", e);
        }
    }

    private static List<UUID> values(List<UniversalUuid> ids) {
        return ids.stream().map(UniversalUuid::value).toList();
    }
}
