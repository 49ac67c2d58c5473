package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.WaitStore;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
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

    private final EngineRuntime runtime;
    private final Database database;
    private final Settings settings;
    private final Workflows workflows;
    private final WriteLanes lanes;
    private final Steps steps;
    private final ExecutionWaiter waiter;
    private final Schedules schedules;
    private final Packages packages;
    private final Semaphore preparing;

    Engine(EngineRuntime runtime) {
        this.runtime = runtime;
        this.database = runtime.parts().database();
        this.settings = runtime.parts().settings();
        this.workflows = runtime.parts().workflows();
        this.lanes = runtime.lanes();
        this.steps = runtime.steps();
        this.waiter = new ExecutionWaiter(runtime);
        this.schedules = new Schedules(runtime);
        this.packages = new Packages(runtime);
        this.preparing = new Semaphore(settings.maxWaitingSubmissions());
    }

    /** Begins an engine on the database of that URL, see {@link io.cloacina.schema.database.DatabaseUrl#FORMS}. */
    public static EngineBuilder builder(String url) {
        Arguments.given("the URL of the database", url);
        return new EngineBuilder(statements -> Database.open(url, statements), true);
    }

    /**
     * Begins an engine on the connections of a data source, which stays the caller's to close. On PostgreSQL it should give
     * ten connections or more, at least four, of which two are kept: one for the heartbeat, one to hear of others. On SQLite
     * up to six.
     */
    public static EngineBuilder builder(DataSource source) {
        Arguments.given("the data source", source);
        return new EngineBuilder(statements -> Database.open(source, statements), true);
    }

    /**
     * Begins an engine on a database that the application has opened, for its own tables, and that stays the application's to
     * close, after the engine. Cloacina's tables are made beside the others. What the application writes in a transaction of
     * that database can contain submissions ({@link #submit(WriteTransaction, Submission)}), and its statements can run in
     * transactional tasks ({@link WriteTransaction#of}).
     */
    public static EngineBuilder builder(Database database) {
        Arguments.given("the database", database);
        return new EngineBuilder(
                statements -> {
                    database.compose(statements);
                    return database;
                },
                false);
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
        return submitAll(List.of(Arguments.given("the submission", submission))).get(0);
    }

    /**
     * Stores executions in one transaction: all of them or, when this throws, none. Otherwise as {@link #submit(Submission)}.
     *
     * @param submissions at most 100,000
     * @return their ids, in the order of the submissions
     */
    public List<UUID> submitAll(List<Submission> submissions) {
        List<Submission> all = Arguments.all("the submissions", submissions);
        if (all.isEmpty()) {
            return List.of();
        }
        // Before anything is waited for: what is waited for may wait for the transaction.
        WriteLanes.requireNoTransaction(database);
        runtime.publisher().awaitRoom();
        preparing.acquireUninterruptibly();
        try {
            // Otherwise those who submit without a pause would keep the lanes from ending.
            if (runtime.isClosing()) {
                throw WriteLanes.closed();
            }
            return values(lanes.submit(prepared(all)));
        } finally {
            preparing.release();
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
        Arguments.given("the connection", connection);
        Arguments.given("the submission", submission);
        if (runtime.isClosing()) {
            throw WriteLanes.closed();
        }
        return new JoinedSubmitter(runtime)
                .submit(connection, prepared(List.of(submission)).get(0));
    }

    /**
     * As {@link #submit(Connection, Submission)}, inside a transaction of a {@link Database}: the one that the engine works on,
     * or another one of the same place.
     */
    public UUID submit(WriteTransaction transaction, Submission submission) {
        return submit(Arguments.given("the transaction", transaction).connection(), submission);
    }

    /** The execution of that id. */
    public Optional<Execution> find(UUID execution) {
        return database.find(HistoryStore.FIND, id(execution));
    }

    /** Executions, newest first, a page at a time. */
    public List<Execution> list(ExecutionQuery query) {
        return Arguments.given("the query", query).run(database);
    }

    /** The executions of a workflow that are not finished, oldest first. */
    public List<Execution> unfinished(String workflow) {
        return database.list(HistoryStore.UNFINISHED, Workflows.checkedName(workflow));
    }

    /** The tasks of an execution, in the order of the definition; none if there is no such execution. */
    public List<TaskExecution> tasks(UUID execution) {
        return database.list(HistoryStore.TASKS, id(execution)).stream()
                .map(HistoryStore.StoredTask::read)
                .toList();
    }

    /** What was recovered of an execution, in order. */
    public List<RecoveryEvent> recoveries(UUID execution) {
        return database.list(HistoryStore.RECOVERIES, id(execution));
    }

    /**
     * The input of an execution with all that its tasks wrote so far.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    public Context context(UUID execution) {
        if (find(execution).isEmpty()) {
            throw new UnknownExecutionException(execution);
        }
        return new JsonContext(runtime.contexts().loadAll(id(execution)), "the context of execution " + execution);
    }

    /**
     * Waits until an execution is finished.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws CloacinaException if the engine is closed or the thread interrupted meanwhile
     */
    public Execution await(UUID execution) {
        return await(execution, runtime.mode() == Mode.BY_HAND ? Duration.ZERO : Arguments.LONGEST)
                .orElseThrow(() -> new CloacinaException(
                        "MANUAL_ENGINE",
                        "execution " + execution + " is not finished, and nothing happens while one waits for an engine"
                                + " that is driven manually: tick it first"));
    }

    /**
     * Waits until an execution is finished, at most that long; empty if it is not finished then. Zero or less looks once; what is
     * longer than 36,500 days waits forever. Otherwise as {@link #await(UUID)}.
     */
    public Optional<Execution> await(UUID execution, Duration atMost) {
        return waiter.await(id(execution).value(), Arguments.bounded(Arguments.given("how long to wait", atMost)));
    }

    /**
     * Sends an execution a signal, for the tasks that wait for one of that name, now or later. A name is sent once; who cannot
     * know whether it was sent before gives a key: {@link #signal(UUID, String, Object, String)}.
     *
     * @param value what the tasks get, a value that can be JSON; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished, or was sent a signal of that name before
     * @throws CloacinaException if the value cannot be JSON or is too large
     */
    public void signal(UUID execution, String name, @Nullable Object value) {
        send(execution, name, value, null);
    }

    /** As {@link #signal(UUID, String, Object)}; sent again with the same key, up to 200 characters, it does nothing. */
    public void signal(UUID execution, String name, @Nullable Object value, String idempotencyKey) {
        send(execution, name, value, Submission.checkedKey(idempotencyKey));
    }

    /**
     * Cancels an execution: nothing of it starts any more, bodies that run are interrupted, here at once and in other
     * processes soon, and what they do cannot be recorded. Cancelling a cancelled one does nothing.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is completed or failed
     */
    public void cancel(UUID execution) {
        intervene(execution, steps.control()::cancel);
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
        intervene(
                execution, (transaction, id, at, effects) -> steps.control().pause(transaction, id, text, at, effects));
    }

    /**
     * Lets a paused execution go on.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not paused
     */
    public void resume(UUID execution) {
        intervene(execution, steps.control()::resume);
    }

    /**
     * Opens a failed execution again: its failed tasks begin anew with all the attempts of their policy, and so do those after
     * them that were skipped; what completed stays as it is, with what follows it, also where a rule there names a failed task.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not failed
     */
    public void retryFailed(UUID execution) {
        intervene(execution, steps.control()::retryFailed);
    }

    /** The workflows that can be submitted here now, by name. */
    public List<WorkflowDefinition> workflows() {
        runtime.lookAtPackages();
        return workflows.submitted().stream().map(Workflow::definition).toList();
    }

    /** The engines that run tasks on the database, in the order in which they came; one that died may be among them for a while. */
    public List<Runner> runners() {
        return database.list(RunnerStore.ALL).stream()
                .map(RunnerStore.Stored::runner)
                .toList();
    }

    /** The schedules of the database. */
    public Schedules schedules() {
        return schedules;
    }

    /** The packages of the database. */
    public Packages packages() {
        return packages;
    }

    /**
     * Stops claiming, lets running tasks and callbacks end within the grace, interrupts and gives back the others, and closes the
     * database. It ends within the grace and five seconds, whatever hangs: what hangs is logged and left behind in daemon threads,
     * and its connections are closed. Each caller waits for that, but a body, a callback or a listener of this engine, for which
     * it returns at once. An interrupt does not shorten it and is kept.
     */
    @Override
    public void close() {
        runtime.close();
    }

    /** How many callers wait until theirs may be prepared. */
    int waitingSubmitters() {
        return preparing.getQueueLength();
    }

    private void send(UUID execution, String name, @Nullable Object value, @Nullable String key) {
        String checked = Arguments.name("INVALID_NAME", "the name of a signal", name);
        String json = JsonContext.sent(value, "the signal '" + name + "'", settings.maxContextBytes());
        intervene(execution, (transaction, id, at, effects) -> {
            WaitStore.NewSignal signal = new WaitStore.NewSignal(UniversalUuid.v7(), id, checked, json, key, at);
            steps.control().signal(transaction, signal, steps.suspender(), effects);
        });
    }

    static UniversalUuid id(UUID execution) {
        return UniversalUuid.of(Arguments.given("the id of the execution", execution));
    }

    private interface Intervention {
        void on(WriteTransaction transaction, UniversalUuid execution, UniversalTimestamp at, CommitEffects effects);
    }

    private void intervene(UUID execution, Intervention intervention) {
        UniversalUuid id = id(execution);
        lanes.call(id, (transaction, effects) -> {
            intervention.on(transaction, id, UniversalTimestamp.now(settings.clock()), effects);
            return id;
        });
    }

    private List<PreparedExecution> prepared(List<Submission> all) {
        runtime.lookAtPackages();
        UniversalTimestamp at = UniversalTimestamp.now(settings.clock());
        int maxBytes = settings.maxContextBytes();
        return all.stream()
                .map(each -> PreparedExecution.submitted(each, workflows.named(each.workflow()), maxBytes, at))
                .toList();
    }

    private static List<UUID> values(List<UniversalUuid> ids) {
        return ids.stream().map(UniversalUuid::value).toList();
    }
}
