package io.cloacina.testing;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.ManualEngine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine that a test drives step by step, with a manual clock. Nothing happens on its own: bodies run inside
 * {@link #tick}, {@link #advance} and {@link #run}, in the calling thread, one after the other. Not thread safe. Close
 * it when done.
 *
 * <pre>{@code
 * try (TestEngine engine = TestEngine.on(database.url()).workflow(weather).start()) {
 *     Execution done = engine.run("weather", Map.of("city", "Seattle"));
 *     assertThat(engine, done.id()).isCompleted();
 * }
 * }</pre>
 *
 * <p>Limits on slots, timeouts of tasks and blocking waits need threads, so test them with a real engine:
 * {@link Engine#builder}.
 */
public final class TestEngine implements AutoCloseable {
    private final ManualEngine manual;
    private final ManualClock clock;

    private TestEngine(ManualEngine manual, ManualClock clock) {
        this.manual = manual;
        this.clock = clock;
    }

    /**
     * Returns a builder of an engine on the database of that URL, such as {@link TestDatabase#url()} or {@code
     * sqlite::memory:}.
     */
    public static Builder on(String url) {
        Arguments.given("the URL of the database", url);
        return new Builder(() -> Engine.builder(url));
    }

    /**
     * Returns a builder of an engine on a database that the test has opened, with the tables of the application; the
     * test closes it after the engine.
     */
    public static Builder on(Database database) {
        Arguments.given("the database", database);
        return new Builder(() -> Engine.builder(database));
    }

    /**
     * Returns an engine with that clock that calls {@code settings} for its other settings when its {@link #engine} is
     * first started: for containers in which workflows or listeners need the engine. See
     * {@link Engine#configuredAtStart}.
     */
    public static TestEngine configuredAtStart(Supplier<EngineBuilder> settings, ManualClock clock) {
        Arguments.given("the settings", settings);
        Arguments.given("the clock", clock);
        ManualEngine manual = ManualEngine.configuredAtStart(
                () -> Arguments.given("the builder", settings.get()).clock(clock));
        return new TestEngine(manual, clock);
    }

    /**
     * The engine that is driven, for everything that this class does not offer. Its {@code await} cannot be used for
     * unfinished executions.
     */
    public Engine engine() {
        return manual.engine();
    }

    /** The clock of the engine. */
    public ManualClock clock() {
        return clock;
    }

    /** Does everything that is due now, until nothing is left; see {@link io.cloacina.engine.ManualEngine#tick}. */
    public void tick() {
        manual.tick();
    }

    /**
     * Moves the clock forward, then ticks. Everything that became due in between happens at the new time, including its
     * consequences that are due by then.
     *
     * @throws CloacinaException if the duration is negative, or the result is after the year 9999
     */
    public void advance(Duration by) {
        clock.advance(by);
        tick();
    }

    /** Submits a workflow without input and returns its id; it does not start before the next tick. */
    public UUID submit(String workflow) {
        return submit(Submission.of(workflow));
    }

    /** Submits a workflow and returns its id; it does not start before the next tick. */
    public UUID submit(String workflow, Map<String, ?> input) {
        return submit(Submission.of(workflow).input(input));
    }

    /** Submits an execution and returns its id; it does not start before the next tick. */
    public UUID submit(Submission submission) {
        return engine().submit(submission);
    }

    /**
     * Submits a workflow without input and ticks, until nothing is due.
     *
     * @return the finished execution, completed or not
     * @throws AssertionError if it is not finished then; the message contains the states of its tasks
     */
    public Execution run(String workflow) {
        return run(Submission.of(workflow));
    }

    /**
     * Submits a workflow and ticks.
     *
     * @return the finished execution, completed or not
     * @throws AssertionError if it is not finished then; the message contains the states of its tasks
     */
    public Execution run(String workflow, Map<String, ?> input) {
        return run(Submission.of(workflow).input(input));
    }

    /**
     * Submits an execution and ticks.
     *
     * @return the finished execution, completed or not
     * @throws AssertionError if it is not finished then; the message contains the states of its tasks
     */
    public Execution run(Submission submission) {
        UUID id = submit(submission);
        tick();
        Execution execution = execution(id);
        if (!execution.isFinished()) {
            throw new AssertionError("the execution should have ended with one tick; does it wait for a signal, a"
                    + " retry, a start or the end of a pause? Then submit it, and send the signal, advance the clock"
                    + " or resume it.\n" + Description.of(execution, tasks(id)));
        }
        return execution;
    }

    /**
     * Sends an execution a signal; the tasks that wait for it continue with the next tick.
     *
     * @param value the value that the tasks receive, convertible to JSON; may be null
     * @throws CloacinaException as {@link Engine#signal(UUID, String, Object)}
     */
    public void signal(UUID execution, String name, @Nullable Object value) {
        engine().signal(execution, name, value);
    }

    /**
     * Returns the input of an execution, and what its tasks have written: the output of a task is under its name.
     *
     * @throws CloacinaException if there is no such execution
     */
    public Context context(UUID execution) {
        return engine().context(execution);
    }

    /**
     * Returns the execution of that id.
     *
     * @throws AssertionError if there is none
     */
    public Execution execution(UUID id) {
        return engine().find(id).orElseThrow(() -> new AssertionError("there is no execution " + id));
    }

    /** Returns the tasks of an execution, in the order of the definition. */
    public List<TaskExecution> tasks(UUID execution) {
        return engine().tasks(execution);
    }

    /**
     * Returns a task of an execution.
     *
     * @throws AssertionError if there is no such task; the message lists the existing ones
     */
    public TaskExecution task(UUID execution, String name) {
        return tasks(execution).stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "there is no task '" + name + "':\n" + Description.of(execution(execution), tasks(execution))));
    }

    /** Closes the engine; the database stays. */
    @Override
    public void close() {
        manual.close();
    }

    /** Collects the settings of a test engine. Not thread safe. */
    public static final class Builder {
        private final Supplier<EngineBuilder> begin;
        private final List<Consumer<EngineBuilder>> settings = new ArrayList<>();
        private ManualClock clock = new ManualClock();

        private Builder(Supplier<EngineBuilder> begin) {
            this.begin = begin;
        }

        /** Adds a workflow. */
        public Builder workflow(WorkflowDefinition definition) {
            Arguments.given("the workflow", definition);
            return configure(builder -> builder.workflow(definition));
        }

        /** Adds a workflow that is written as an annotated class, given an instance of it. */
        public Builder workflow(Object annotated) {
            Arguments.given("the workflow", annotated);
            return configure(builder -> builder.workflow(annotated));
        }

        /** Sets the clock, which several engines can share. Default: a new one at {@link ManualClock#DEFAULT_START}. */
        public Builder clock(ManualClock given) {
            clock = Arguments.given("the clock", given);
            return this;
        }

        /** Changes any other setting of the engine; the clock must be set with {@link #clock}. */
        public Builder configure(Consumer<EngineBuilder> setting) {
            settings.add(Arguments.given("the setting", setting));
            return this;
        }

        /** Opens the database and migrates its schema; the engine can then be driven. */
        public TestEngine start() {
            EngineBuilder builder = begin.get();
            settings.forEach(setting -> setting.accept(builder));
            return new TestEngine(builder.clock(clock).buildManual().start(), clock);
        }
    }
}
