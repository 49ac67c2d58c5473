package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** How long a wait believes that no other process ended the execution. */
    private static final long RECHECK_MILLIS = 250;

    private final Database database;
    private final Workflows workflows;
    private final Clock clock;
    private final Duration grace;
    private final Lease lease;
    private final LeaseSweeper sweeper;
    private final ContextLoader contexts;
    private final WriteLanes lanes;
    private final Completions completions = new Completions();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch workEnded = new CountDownLatch(1);
    private final Dispatcher dispatcher;
    private final Thread heart;

    private Engine(Database database, List<WorkflowDefinition> workflows, int slots, Duration grace, Clock clock) {
        this.grace = grace;
        this.database = database;
        this.workflows = new Workflows(workflows);
        this.clock = clock;
        Patience patience = new Patience(closing);
        this.lease = new Lease(database);
        this.sweeper = new LeaseSweeper(database, this.workflows, lease, clock);
        this.contexts = new ContextLoader(database);
        this.lanes = new WriteLanes(database, new Claimer(this.workflows, lease, clock), patience);
        Committer committer = new Committer(lanes, clock);
        this.dispatcher =
                new Dispatcher(slots, lanes, new TaskRunner(contexts, committer), committer, completions, closing);
        this.heart = new Thread(this::beatUntilClosed, "cloacina-heartbeat");
        heart.setDaemon(true);
    }

    /** Begins an engine on the database of that URL, see {@link io.cloacina.schema.database.DatabaseUrl#FORMS}. */
    public static Builder builder(String url) {
        return new Builder(url);
    }

    /**
     * Stores an execution of a workflow; when this returns, a crash does not lose it. While the database is away it waits, until
     * the engine is closed.
     *
     * @param input values that can be JSON
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     */
    public UUID submit(String workflow, Map<String, ?> input) {
        WorkflowDefinition definition = workflows.named(workflow);
        String json = JsonContext.stored(JsonContext.object(input), "the input of workflow '" + workflow + "'");
        UniversalUuid id = UniversalUuid.v7();
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        try {
            lanes.write(id, transaction -> {
                Submitter.submit(transaction, id, definition, json, at);
                return id;
            });
        } catch (DatabaseException e) {
            // Nobody else has this id: a commit whose answer was lost had arrived.
            if (e.kind() != ErrorKind.UNIQUE || find(id.value()).isEmpty()) {
                throw e;
            }
        }
        dispatcher.wake();
        return id.value();
    }

    /** The execution of that id. */
    public Optional<Execution> find(UUID execution) {
        return database.find(ExecutionStore.FIND, UniversalUuid.of(execution));
    }

    /** The executions of a workflow that are not finished, oldest first. */
    public List<Execution> unfinished(String workflow) {
        return database.list(ExecutionStore.UNFINISHED, workflow);
    }

    /** The tasks of an execution, in the order of the definition. */
    public List<TaskExecution> tasks(UUID execution) {
        return database.list(TaskStore.OF_EXECUTION, UniversalUuid.of(execution));
    }

    /**
     * The input of an execution with all that its tasks wrote so far.
     *
     * @throws CloacinaException if there is no such execution, or the engine does not have its workflow
     */
    public Context context(UUID execution) {
        Execution found = find(execution).orElseThrow(() -> unknown(execution));
        WorkflowDefinition workflow = workflows
                .find(found.workflow(), found.version())
                .orElseThrow(() -> new CloacinaException("execution " + execution + " is of workflow '"
                        + found.workflow() + "' version " + found.version() + ", which this engine does not have"));
        return new JsonContext(
                contexts.loadAll(UniversalUuid.of(execution), workflow), "the context of execution " + execution);
    }

    /**
     * Waits until an execution is finished.
     *
     * @throws CloacinaException if there is no such execution, or the engine is closed or the thread interrupted meanwhile
     */
    public Execution await(UUID execution) {
        return await(execution, Duration.ofDays(36_500)).orElseThrow();
    }

    /** Waits until an execution is finished, at most that long; empty if it is not finished then. */
    public Optional<Execution> await(UUID execution, Duration atMost) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMost.toMillis());
        UniversalUuid id = UniversalUuid.of(execution);
        CompletableFuture<Void> finished = completions.of(id);
        try {
            while (true) {
                // The future was there before this look: an end in between is seen by one of the two.
                Execution found = find(execution).orElseThrow(() -> unknown(execution));
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (found.isFinished() || left <= 0) {
                    return Optional.of(found).filter(Execution::isFinished);
                }
                waitFor(finished, Math.min(left, RECHECK_MILLIS), execution);
                if (finished.isDone()) {
                    finished = completions.of(id);
                }
            }
        } finally {
            completions.forget(id, finished);
        }
    }

    /** Stops claiming, lets running tasks end within the grace, interrupts and gives back the others, and closes the database. */
    @Override
    public synchronized void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        try {
            dispatcher.close(grace.toMillis());
            lanes.close();
        } finally {
            // The lease is renewed to the very end of the work: until then nobody else may take what runs here.
            workEnded.countDown();
            endLease();
            database.close();
        }
    }

    private void endLease() {
        try {
            heart.join();
            lease.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DatabaseException e) {
            LOG.warn("the lease could not be ended; it will run out: {}", e.getMessage());
        }
    }

    private void start() {
        lease.register();
        lanes.start();
        beat();
        dispatcher.start();
        heart.start();
    }

    private void beatUntilClosed() {
        try {
            while (!workEnded.await(Lease.HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            LOG.debug("the heartbeat was interrupted", e);
        }
    }

    private void beat() {
        try {
            lease.renew();
            dispatcher.releaseOrphans(database.list(TaskStore.HELD_BY, lease.runner()).stream()
                    .map(TaskStore.Held::claim)
                    .toList());
            LeaseSweeper.Swept swept = sweeper.sweep();
            swept.finished().forEach(completions::finished);
            if (swept.tasksReset() > 0) {
                dispatcher.wake();
            }
        } catch (DatabaseException e) {
            LOG.warn("the heartbeat failed and will be tried again: {}", e.getMessage());
        } catch (RuntimeException e) { // the edge of a thread: an exception would end the heartbeat for good
            LOG.error("the heartbeat failed unexpectedly", e);
        }
    }

    private void waitFor(CompletableFuture<Void> finished, long millis, UUID execution) {
        try {
            finished.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (closing.getCount() == 0) {
                throw new CloacinaException("the engine was closed while execution " + execution + " was awaited", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloacinaException("interrupted while execution " + execution + " was awaited", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("completions never fail", e);
        }
    }

    private static CloacinaException unknown(UUID execution) {
        return new CloacinaException("there is no execution " + execution);
    }

    /** Collects what an engine needs. Not thread safe. */
    public static final class Builder {
        private final String url;
        private final List<WorkflowDefinition> workflows = new ArrayList<>();
        private int slots = Math.max(2, Runtime.getRuntime().availableProcessors());
        private Duration grace = Duration.ofSeconds(10);
        private Clock clock = Clock.systemUTC();

        private Builder(String url) {
            this.url = url;
        }

        /** Adds a workflow that this engine submits and runs. */
        public Builder workflow(WorkflowDefinition definition) {
            if (workflows.stream().anyMatch(known -> known.name().equals(definition.name()))) {
                throw new CloacinaException("there are two workflows named '" + definition.name() + "'");
            }
            workflows.add(definition);
            return this;
        }

        /** How many tasks run at once in this process; by default as many as there are processors, at least two. */
        public Builder slots(int number) {
            if (number < 1 || number > 10_000) {
                throw new CloacinaException("slots is a number from 1 to 10000, not " + number);
            }
            slots = number;
            return this;
        }

        /** How long closing waits for running tasks before it interrupts them; ten seconds by default. */
        public Builder grace(Duration given) {
            if (given.isNegative()) {
                throw new CloacinaException("grace is not negative, but " + given + " was given");
            }
            grace = given;
            return this;
        }

        /** The clock of all instants but those of leases. */
        public Builder clock(Clock given) {
            clock = given;
            return this;
        }

        /**
         * Opens the database, brings its schema up to date, recovers what dead runners left, and begins to work.
         *
         * @throws DatabaseException if the database cannot be opened or migrated
         */
        public Engine start() {
            Database database = Database.open(
                    url, Migrator.STATEMENTS, ExecutionStore.STATEMENTS, TaskStore.STATEMENTS, RunnerStore.STATEMENTS);
            try {
                Migrator.migrate(database);
                Engine engine = new Engine(database, workflows, slots, grace, clock);
                engine.start();
                return engine;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        }
    }
}
