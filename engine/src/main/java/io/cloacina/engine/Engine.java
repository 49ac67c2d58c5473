package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.Failures;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.Status;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs workflows in this process and keeps every state change in a database. Thread safe; close it when done.
 *
 * <p>An engine is built, {@linkplain #start started} and {@linkplain #stop stopped}, can be started again, and is
 * finally {@linkplain #close closed}. A {@linkplain EngineBuilder#client client} and a {@linkplain ManualEngine manual
 * engine} have the same life cycle.
 *
 * <pre>{@code
 * try (Engine engine = Engine.builder("sqlite:app.db").workflow(weather).start()) {
 *     UUID id = engine.submit("weather", Map.of("city", "Seattle"));
 *     Execution done = engine.await(id);
 * }
 * }</pre>
 */
public final class Engine implements WorkflowClient, AutoCloseable {
    /** Creates the settings at the first start; null for an engine that was made from running parts. */
    private final @Nullable Supplier<EngineConfiguration> configuring;

    private @Nullable EngineConfiguration configuration;
    private final Submissions submissions = new Submissions();
    private final History history = new History(() -> runtime().parts().database());
    private final Object lifecycle = new Object();
    private volatile boolean isClosed;
    /** The parts of the last start; null before the first. */
    private volatile @Nullable EngineRuntime latest;

    Engine(Supplier<EngineConfiguration> configuring) {
        this.configuring = configuring;
    }

    /** An engine that already runs, from parts that the caller has started. */
    Engine(EngineRuntime running) {
        this.configuring = null;
        this.latest = running;
    }

    /** Returns an engine builder for a database URL, see {@link io.cloacina.schema.database.DatabaseUrl#FORMS}. */
    public static EngineBuilder builder(String url) {
        Arguments.given("the URL of the database", url);
        return new EngineBuilder(statements -> Database.open(url, statements), true);
    }

    /**
     * Returns a builder of an engine on a data source, which the caller closes. On PostgreSQL it must provide four
     * connections and should provide ten or more; two are always in use, for heartbeat and notifications. On SQLite the
     * engine uses up to six.
     */
    public static EngineBuilder builder(DataSource source) {
        Arguments.given("the data source", source);
        return new EngineBuilder(statements -> Database.open(source, statements), true);
    }

    /**
     * Returns a builder of an engine on a database that the application opened for its own tables, and closes after the
     * engine. Cloacina's tables are created beside the application's. A transaction of the application on that database
     * can contain submissions ({@link #submit(WriteTransaction, Submission)}), and transactional tasks can run
     * statements of the application ({@link WriteTransaction#of}).
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
     * Returns an engine that calls {@code settings} at its first start: for containers in which workflows or listeners
     * need the engine. {@code settings} returns a new builder for each call; it is called again after a failed start.
     */
    public static Engine configuredAtStart(Supplier<EngineBuilder> settings) {
        Arguments.given("the settings", settings);
        return new Engine(() -> Arguments.given("the builder", settings.get()).configuration());
    }

    /**
     * Opens the database, migrates its schema to this version, recovers the tasks of dead runners, and runs tasks.
     * After a {@linkplain #stop stop} it starts again, as a new runner. Does nothing if the engine is running.
     *
     * @return this
     * @throws DatabaseException if the database cannot be opened or migrated, or, for a client, if it does not have the
     *     schema of this version; the engine is unchanged and may be started again
     * @throws CloacinaException with the code {@code ENGINE_CLOSED} if it is closed, or if a stop is still in progress
     */
    public Engine start() {
        synchronized (lifecycle) {
            EngineRuntime before = latest;
            if (isClosed || configuring == null) {
                throw WriteLanes.closedToAll();
            }
            if (before != null && !before.isClosing()) {
                return this;
            }
            if (before != null && !before.awaitClosed()) {
                throw WriteLanes.notRunning(
                        "is being stopped, and this thread cannot wait for that: start it in another one");
            }
            EngineConfiguration present = configuration == null ? configuring.get() : configuration;
            EngineRuntime fresh = present.open();
            configuration = present;
            latest = fresh;
            fresh.start();
            try {
                present.schedules().forEach(schedules()::put);
            } catch (RuntimeException e) {
                fresh.close();
                throw e;
            }
            fresh.parts().meter().started(new Gauges(fresh, submissions));
            fresh.logStart();
            return this;
        }
    }

    /**
     * Stops the engine: it claims no more tasks, lets running tasks and callbacks finish within the
     * {@linkplain EngineBuilder#grace grace period}, interrupts the others and leaves them to other runners, and closes
     * the database, unless the application opened it. It returns within the grace period plus five seconds, even if
     * threads hang: those are logged and left behind as daemon threads, and their connections are closed. A body, a
     * callback or a listener of this engine that calls it does not wait. An interrupt does not shorten it and is kept.
     * Does nothing if the engine is not running.
     */
    public void stop() {
        EngineRuntime present;
        // Waits for a start that is in progress.
        synchronized (lifecycle) {
            present = latest;
        }
        if (present != null) {
            present.close();
        }
    }

    /** {@linkplain #stop Stops} the engine for good: it cannot be started again. */
    @Override
    public void close() {
        isClosed = true;
        stop();
    }

    /** Whether the engine has been started and has not begun to stop. */
    public boolean isRunning() {
        EngineRuntime present = latest;
        return present != null && present.isOpen() && !present.isClosing();
    }

    /**
     * The id of this engine among the {@linkplain #runners runners}. It is new for each start, and after a stall for
     * longer than the lease. Empty for a client, and while the engine is not running.
     */
    public Optional<UUID> id() {
        EngineRuntime present = latest;
        return present != null && isRunning() && present.mode().runsTasks()
                ? Optional.of(present.parts().lease().runner().value())
                : Optional.empty();
    }

    @Override
    public List<UUID> submitAll(List<Submission> given) {
        return submissions.submit(runtime(), given);
    }

    @Override
    public UUID submit(Connection connection, Submission submission) {
        return submissions.join(runtime(), connection, submission);
    }

    @Override
    public Optional<Execution> find(UUID execution) {
        return history.find(execution);
    }

    @Override
    public List<Execution> list(ExecutionQuery query) {
        return history.list(Arguments.given("the query", query));
    }

    @Override
    public ExecutionPage search(ExecutionQuery query) {
        return history.search(Arguments.given("the query", query));
    }

    @Override
    public Failures failures(Instant since) {
        return history.failures(since);
    }

    @Override
    public Count count(ExecutionQuery query) {
        return history.count(Arguments.given("the query", query));
    }

    @Override
    public List<TaskExecution> tasks(UUID execution, List<TaskStatus> states) {
        return history.tasks(execution, states);
    }

    @Override
    public Optional<Execution> parent(UUID execution) {
        return history.parent(execution);
    }

    @Override
    public List<TaskAttempt> attempts(UUID execution) {
        return history.attempts(execution);
    }

    @Override
    public List<RecoveryEvent> recoveries(UUID execution) {
        return history.recoveries(execution);
    }

    @Override
    public Map<String, String> labels(UUID execution) {
        return history.labels(execution);
    }

    @Override
    public Status status() {
        return new Diagnosis(runtime()).status();
    }

    @Override
    public List<Reason> why(UUID execution) {
        return new Diagnosis(runtime()).why(execution);
    }

    @Override
    public Context context(UUID execution) {
        history.requireKnown(execution);
        return runtime().context(id(execution));
    }

    @Override
    public Execution await(UUID execution) {
        return new ExecutionWaiter(runtime()).await(id(execution).value());
    }

    @Override
    public Optional<Execution> await(UUID execution, Duration atMost) {
        return new ExecutionWaiter(runtime())
                .await(id(execution).value(), Arguments.bounded(Arguments.given("the time to wait", atMost)));
    }

    @Override
    public void signal(UUID execution, String name, @Nullable Object value) {
        new Interventions(runtime()).signal(execution, name, value, null);
    }

    @Override
    public void signal(UUID execution, String name, @Nullable Object value, String idempotencyKey) {
        new Interventions(runtime()).signal(execution, name, value, Submission.checkedKey(idempotencyKey));
    }

    @Override
    public void cancel(UUID execution, Cancel how) {
        new Interventions(runtime()).cancel(execution, Arguments.given("how to cancel", how));
    }

    @Override
    public void pause(UUID execution, @Nullable String reason) {
        new Interventions(runtime()).pause(execution, reason);
    }

    @Override
    public void resume(UUID execution) {
        new Interventions(runtime()).resume(execution);
    }

    @Override
    public void retry(UUID execution, RetryMode how) {
        new Interventions(runtime()).retry(execution, Arguments.given("how to retry", how));
    }

    @Override
    public boolean delete(UUID execution) {
        return new Interventions(runtime()).delete(execution);
    }

    @Override
    public UUID restart(Restart restart) {
        return submissions.restart(runtime(), Arguments.given("the restart", restart));
    }

    /** The workflows that can be submitted through this engine now, by name. */
    public List<WorkflowDefinition> workflows() {
        return runtime().workflows();
    }

    /** The engines that run tasks on this database, in the order of their starts, including some that died recently. */
    public List<Runner> runners() {
        return LiveRunners.read(runtime().parts().database()).runners();
    }

    /** The schedules in the database. */
    public Schedules schedules() {
        return new Schedules(this::runtime);
    }

    /** The packages in the database. */
    public Packages packages() {
        return new Packages(this::runtime);
    }

    /** The versions of workflows in the database. */
    public Versions versions() {
        return new Versions(this::runtime);
    }

    /** Reads the tasks of an execution, and their attempts, a page at a time. */
    public TaskPages taskPages() {
        return new TaskPages(() -> runtime().parts().database());
    }

    /** Bulk operations: one action on all executions that match a query. */
    public BulkOperations operations() {
        return new BulkOperations(this::runtime, history);
    }

    /** The stream of events that all processes have stored. */
    public Events events() {
        return new Events(this::runtime, Events.SETTLING);
    }

    /** The audit log: who requested which change from a server. */
    public AuditLog audit() {
        return new AuditLog(this::runtime);
    }

    /** The webhooks in the database. */
    public Hooks hooks() {
        return new Hooks(this::runtime);
    }

    /** The alerts in the database. */
    public Alerts alerts() {
        return new Alerts(this::runtime);
    }

    /** How many callers wait to submit because {@link EngineBuilder#maxWaitingSubmissions} is reached. */
    int waitingSubmitters() {
        return submissions.waiting();
    }

    /** The parts of the running engine. */
    EngineRuntime runtime() {
        EngineRuntime present = latest;
        if (present != null && present.isOpen()) {
            return present;
        }
        if (isClosed || configuring == null) {
            throw WriteLanes.closedToAll();
        }
        throw WriteLanes.notRunning((present == null ? "was not started" : "is stopped") + ": call start() first");
    }

    static UniversalUuid id(UUID execution) {
        return UniversalUuid.of(Arguments.given("the id of the execution", execution));
    }
}
