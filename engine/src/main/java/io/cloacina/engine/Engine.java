package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.Failures;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Retry;
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
 * <p>It is built, started, stopped and perhaps started again, and closed for good; nothing happens before {@link
 * #start}. A {@linkplain EngineBuilder#client client} and a {@linkplain ManualEngine manual engine} live alike.
 *
 * <pre>{@code
 * try (Engine engine = Engine.builder("sqlite:app.db").workflow(weather).start()) {
 *     UUID id = engine.submit("weather", Map.of("city", "Seattle"));
 *     Execution done = engine.await(id);
 * }
 * }</pre>
 */
public final class Engine implements WorkflowClient, AutoCloseable {
    /** The workflows, the settings and how to open the database: all that a start needs. */
    private final @Nullable Supplier<EngineConfiguration> configuring;

    private @Nullable EngineConfiguration configuration;
    private final Submissions submissions = new Submissions();
    private final History history = new History(() -> runtime().parts().database());
    private final Object lifecycle = new Object();
    private volatile boolean isClosed;
    /** That of the last start; null before the first. */
    private volatile @Nullable EngineRuntime latest;

    Engine(Supplier<EngineConfiguration> configuring) {
        this.configuring = configuring;
    }

    /** Parts that another class has put together and started. */
    Engine(EngineRuntime running) {
        this.configuring = null;
        this.latest = running;
    }

    /**
     * Returns a builder of an engine on the database of that URL, see {@link
     * io.cloacina.schema.database.DatabaseUrl#FORMS}.
     */
    public static EngineBuilder builder(String url) {
        Arguments.given("the URL of the database", url);
        return new EngineBuilder(statements -> Database.open(url, statements), true);
    }

    /**
     * Returns a builder of an engine on the connections of a data source, which the caller closes. On PostgreSQL it
     * should provide ten connections or more, at least four, of which the engine keeps two: one for the heartbeat, one
     * for notifications. On SQLite the engine uses up to six.
     */
    public static EngineBuilder builder(DataSource source) {
        Arguments.given("the data source", source);
        return new EngineBuilder(statements -> Database.open(source, statements), true);
    }

    /**
     * Returns a builder of an engine on a database that the application has opened, for its own tables, and that the
     * application closes after the engine. Cloacina's tables are created beside the others. A transaction of the
     * application on that database can contain submissions ({@link #submit(WriteTransaction, Submission)}), and its
     * statements can run in transactional tasks ({@link WriteTransaction#of}).
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
     * Returns an engine whose first start asks for its settings: for containers in which workflows or listeners need the
     * engine. {@code settings} returns a builder of its own for each call; it is called again if a first start failed.
     */
    public static Engine configuredAtStart(Supplier<EngineBuilder> settings) {
        Arguments.given("the settings", settings);
        return new Engine(() -> Arguments.given("the builder", settings.get()).configuration());
    }

    /**
     * Opens the database, brings its schema up to date, recovers the tasks of dead runners, and begins to work. An
     * engine that was {@linkplain #stop stopped} starts again, as another runner. Does nothing if the engine runs.
     *
     * @return this
     * @throws DatabaseException if the database cannot be opened or migrated, or, for a client, does not have the
     *     schema of this build; the engine is as it was before, and may be started again
     * @throws CloacinaException if it is closed, or a stop has not ended
     */
    public Engine start() {
        synchronized (lifecycle) {
            EngineRuntime before = latest;
            if (isClosed || configuring == null) {
                throw WriteLanes.closed();
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
     * Ends the work: stops claiming, lets running tasks and callbacks end within the grace, interrupts and gives back
     * the others, and closes the database, unless the application opened it. It returns within the grace and five
     * seconds, whatever hangs: threads that hang are logged and left behind as daemon threads, and their connections
     * are closed. Each caller waits for that, except a body, a callback or a listener of this engine, for which it
     * returns at once. An interrupt does not shorten it and is kept. Does nothing if the engine does not run.
     */
    public void stop() {
        EngineRuntime present;
        // A start that is under way ends first.
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

    /** Whether it was started and is neither stopped nor closed, nor about to be. */
    public boolean isRunning() {
        EngineRuntime present = latest;
        return present != null && present.isOpen() && !present.isClosing();
    }

    /**
     * Its id among the {@linkplain #runners runners}. Each start has another id, and an engine that stalled for longer
     * than its lease continues under another. Empty for a client, and for an engine that does not run.
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
    public List<Execution> unfinished(String workflow) {
        return history.unfinished(workflow);
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
                .await(id(execution).value(), Arguments.bounded(Arguments.given("how long to wait", atMost)));
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
    public void retry(UUID execution, Retry how) {
        new Interventions(runtime()).retry(execution, Arguments.given("how to retry", how));
    }

    @Override
    public void delete(UUID execution) {
        new Interventions(runtime()).delete(execution);
    }

    @Override
    public UUID restart(Restart restart) {
        return submissions.restart(runtime(), Arguments.given("the restart", restart));
    }

    /** The workflows that can be submitted here now, by name. */
    public List<WorkflowDefinition> workflows() {
        return runtime().workflows();
    }

    /** The engines that run tasks on the database, in the order of their starts; some may have died a while ago. */
    public List<Runner> runners() {
        return LiveRunners.read(runtime().parts().database()).runners();
    }

    /** The schedules of the database. */
    public Schedules schedules() {
        return new Schedules(this::runtime);
    }

    /** The packages of the database. */
    public Packages packages() {
        return new Packages(this::runtime);
    }

    /** The versions of workflows in the database. */
    public Versions versions() {
        return new Versions(this::runtime);
    }

    /** The tasks of an execution, and their attempts, a page at a time. */
    public TaskPages taskPages() {
        return new TaskPages(() -> runtime().parts().database());
    }

    /** What is done to all executions that a search finds. */
    public BulkOperations operations() {
        return new BulkOperations(this::runtime, history);
    }

    /** What all processes have stored, as a stream. */
    public Events events() {
        return new Events(this::runtime, Events.SETTLING);
    }

    /** Who asked a server for which change. */
    public AuditLog audit() {
        return new AuditLog(this::runtime);
    }

    /** The webhooks of the database. */
    public Hooks hooks() {
        return new Hooks(this::runtime);
    }

    /** The alerts of the database. */
    public Alerts alerts() {
        return new Alerts(this::runtime);
    }

    /** How many callers wait until theirs may be prepared. */
    int waitingSubmitters() {
        return submissions.waiting();
    }

    /** The parts that run. */
    EngineRuntime runtime() {
        EngineRuntime present = latest;
        if (present != null && present.isOpen()) {
            return present;
        }
        if (isClosed || configuring == null) {
            throw WriteLanes.closed();
        }
        throw WriteLanes.notRunning((present == null ? "was not started" : "is stopped") + ": call start() first");
    }

    static UniversalUuid id(UUID execution) {
        return UniversalUuid.of(Arguments.given("the id of the execution", execution));
    }
}
