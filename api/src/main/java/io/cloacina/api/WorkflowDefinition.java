package io.cloacina.api;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A workflow: a name, a version, and tasks that depend on each other without a cycle. Immutable, thread safe.
 *
 * <pre>{@code
 * WorkflowDefinition weather = WorkflowDefinition.named("weather")
 *         .task("read", context -> context.put("lines", readLines()))
 *         .task("report", context -> write(context.get("lines", Integer.class)), task -> task.after("read"))
 *         .build();
 * }</pre>
 */
public final class WorkflowDefinition {
    /** How many tasks a workflow may have. */
    public static final int MAX_TASKS = 100_000;

    private static final int MAX_VERSION_LENGTH = 100;

    private final String name;
    private final String version;
    private final List<TaskDefinition> tasks;
    private final WorkflowSettings settings;
    private final Map<String, TaskDefinition> byName = new HashMap<>();
    private final int[][] dependencies;
    private final List<List<TaskDefinition>> successors;
    private final List<TaskDefinition> roots;
    private final List<TaskDefinition> leaves;

    private WorkflowDefinition(
            String name, String version, WorkflowSettings settings, List<TaskDefinition> tasks, int[][] dependencies) {
        this.name = name;
        this.version = version;
        this.settings = settings;
        this.tasks = tasks;
        this.dependencies = dependencies;
        tasks.forEach(task -> byName.put(task.name(), task));
        successors = Arrays.stream(TaskGraph.reversed(dependencies))
                .map(after -> Arrays.stream(after).mapToObj(tasks::get).toList())
                .toList();
        roots = tasks.stream().filter(task -> task.dependencies().isEmpty()).toList();
        leaves = tasks.stream()
                .filter(task -> successors.get(task.position()).isEmpty())
                .toList();
    }

    /**
     * The same workflow with another version.
     *
     * @throws InvalidWorkflowException if the version is blank, longer than 100 characters or has control characters
     */
    public WorkflowDefinition withVersion(String other) {
        Names.problem("the version", Arguments.given("the version", other), MAX_VERSION_LENGTH)
                .ifPresent(problem -> {
                    throw new InvalidWorkflowException(name, List.of(problem));
                });
        return new WorkflowDefinition(name, other, settings, tasks, dependencies);
    }

    /** Returns a builder; the name has up to 200 characters, none of them a control character. */
    public static Builder named(String name) {
        return new Builder(Arguments.given("the name of the workflow", name));
    }

    /**
     * The definition of a workflow that is written as a class with annotated methods; its tasks call those of this
     * instance.
     *
     * @param workflow of a class with {@link io.cloacina.api.annotation.Workflow}, or of a subclass; a definition is
     *     returned as it is
     * @throws CloacinaException if there is no generated definition of its class
     */
    public static WorkflowDefinition of(Object workflow) {
        return workflow instanceof WorkflowDefinition definition
                ? definition
                : Providers.define(Arguments.given("the workflow", workflow));
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The version: as given, or a hash of 16 hexadecimal digits, see {@link Builder#version}. */
    public String version() {
        return version;
    }

    /** The tasks in topological order: each after its dependencies, otherwise as declared. Always the same list. */
    public List<TaskDefinition> tasks() {
        return tasks;
    }

    /** The schedules that it declares: an engine that starts with it stores them in the database. */
    public List<CronTrigger> schedules() {
        return settings.schedules();
    }

    /** The limits of its executions. */
    public List<Limit> limits() {
        return settings.limits();
    }

    /** The values of the input that were declared, each key once, in the order of declaration. */
    public List<InputDefinition> inputs() {
        return settings.inputs();
    }

    /** Whether a submission with a value in its input that was not declared is refused. */
    public boolean refusesUnknownInput() {
        return settings.refusesUnknownInput();
    }

    /** Which version finishes executions that another version began. */
    public InFlight inFlight() {
        return settings.inFlight();
    }

    /** The task of that name; empty if there is no such task. */
    public Optional<TaskDefinition> task(String taskName) {
        return Optional.ofNullable(byName.get(Arguments.given("the name of a task", taskName)));
    }

    /** The longest time that an execution may take; empty if it is unlimited. See {@link Builder#deadline}. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(settings.deadline());
    }

    /**
     * The names of the tasks that directly depend on the named one, in topological order.
     *
     * @throws NotFoundException with the code {@code UNKNOWN_TASK} if there is no such task
     */
    public List<String> successors(String taskName) {
        return names(successorsOf(required(taskName)));
    }

    /**
     * The tasks that directly depend on this one, in topological order. Every call returns the same list.
     *
     * @throws CloacinaException if it is a task of another workflow
     */
    public List<TaskDefinition> successorsOf(TaskDefinition task) {
        return successors.get(positionOf(task));
    }

    /** The tasks without dependencies, in topological order. Every call returns the same list. */
    public List<TaskDefinition> roots() {
        return roots;
    }

    /** The tasks that no other depends on, in topological order. Every call returns the same list. */
    public List<TaskDefinition> leaves() {
        return leaves;
    }

    /**
     * The names of the tasks by level: first the roots, then in each level the tasks whose last dependency is one level
     * above. Computed at each call, in time linear in the number of tasks and dependencies.
     */
    public List<List<String>> levels() {
        return TaskGraph.levels(tasks, dependencies);
    }

    /**
     * The names of the direct and indirect dependencies of a task, in topological order. Computed at each call, in time
     * linear in the number of tasks and dependencies before it.
     *
     * @throws NotFoundException with the code {@code UNKNOWN_TASK} if there is no such task
     */
    public Set<String> ancestors(String taskName) {
        return new LinkedHashSet<>(names(ancestorsOf(required(taskName))));
    }

    /**
     * The direct and indirect dependencies of a task, in topological order. Computed at each call, in time linear in
     * the number of tasks and dependencies before it.
     *
     * @throws CloacinaException if it is a task of another workflow
     */
    public List<TaskDefinition> ancestorsOf(TaskDefinition task) {
        BitSet found = new BitSet();
        found.set(positionOf(task));
        for (int at = task.position(); at >= 0; at = found.previousSetBit(at - 1)) {
            for (int before : dependencies[at]) {
                found.set(before);
            }
        }
        found.clear(task.position());
        return found.stream().mapToObj(tasks::get).toList();
    }

    private TaskDefinition required(String taskName) {
        return task(taskName)
                .orElseThrow(() -> new NotFoundException(
                        ErrorCodes.UNKNOWN_TASK,
                        "workflow " + this + " has no task " + Arguments.shown(taskName)
                                + Arguments.meant(taskName, names(tasks))));
    }

    private int positionOf(TaskDefinition task) {
        int position = Arguments.given("the task", task).position();
        if (position < 0 || position >= tasks.size() || tasks.get(position) != task) {
            throw Arguments.invalid("task " + Names.quoted(task.name()) + " is not one of " + this);
        }
        return position;
    }

    private static List<String> names(List<TaskDefinition> tasks) {
        return tasks.stream().map(TaskDefinition::name).toList();
    }

    /** {@code name@version}. */
    @Override
    public String toString() {
        return name + "@" + version;
    }

    /** Collects the parts of a definition. Not thread safe. */
    public static final class Builder {
        private final String name;
        private final List<TaskDefinition> tasks = new ArrayList<>();
        private final List<Limit> limits = new ArrayList<>();
        private final List<Class<?>> code = new ArrayList<>();
        private final List<CronTrigger> schedules = new ArrayList<>();
        private final Map<String, InputDefinition> inputs = new LinkedHashMap<>();
        private InFlight inFlight = InFlight.CONTINUE;
        private boolean refusesUnknownInput;
        private @Nullable Duration deadline;
        private @Nullable String version;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Sets the version, of up to 100 characters. Only runners that have the version of an execution continue it, or
         * a {@linkplain InFlight#CONTINUE compatible newer} one.
         *
         * <p>Without it the version is a hash, which is the same in every process with the same classes and changes
         * with the names, order, dependencies and options of the tasks, and with the class files of bodies, retry
         * conditions and callbacks. The hash does not include other classes that a body calls, nor the values that a
         * lambda captures: name such classes as {@link #code}, or set a version.
         */
        public Builder version(String given) {
            version = Arguments.given("the version", given);
            return this;
        }

        /** Names classes that bodies call, so that the version also changes when their class files do. Calls add up. */
        public Builder code(Class<?>... classes) {
            code.addAll(Arguments.all("the classes", classes));
            return this;
        }

        /** Limits how many executions run at once, or start within a period, across all processes. Calls add up. */
        public Builder limit(Limit limit) {
            limits.add(Arguments.given("the limit", limit));
            return this;
        }

        /**
         * Adds a schedule: the workflow runs at the times of a cron expression, without input. An engine that starts
         * with the workflow creates or updates the schedule of that name in the database. The version of the workflow
         * does not depend on it.
         *
         * @param cron a cron expression with five fields (minute, hour, day of month, month, day of week) or six
         *     (seconds first)
         * @param zone a time zone, such as {@code Europe/Berlin}
         */
        public Builder schedule(String scheduleName, String cron, String zone) {
            schedules.add(new CronTrigger(scheduleName, cron, zone));
            return this;
        }

        /**
         * Declares a required value of the input: a submission without it, or with a value that cannot be read as that
         * type, is refused. A later call with the same key replaces an earlier one. Values that are not declared are
         * not checked.
         */
        public Builder input(String key, Class<?> type) {
            return add(key, type, true);
        }

        /** As {@link #input(String, Class)}. */
        public Builder input(String key, TypeOf<?> type) {
            return add(key, Arguments.given("the type", type).type(), true);
        }

        /** Declares an optional value of the input. Otherwise as {@link #input(String, Class)}. */
        public Builder optionalInput(String key, Class<?> type) {
            return add(key, type, false);
        }

        /** As {@link #optionalInput(String, Class)}. */
        public Builder optionalInput(String key, TypeOf<?> type) {
            return add(key, Arguments.given("the type", type).type(), false);
        }

        private Builder add(String key, Type type, boolean isRequired) {
            inputs.put(key, new InputDefinition(key, type, isRequired));
            return this;
        }

        /**
         * Refuses submissions whose input has a value that is not declared. Default: such a value is accepted, and
         * tasks can read it.
         */
        public Builder refuseUnknownInput() {
            refusesUnknownInput = true;
            return this;
        }

        /** Sets which version finishes executions that another version began. Default: {@link InFlight#CONTINUE}. */
        public Builder inFlight(InFlight choice) {
            inFlight = Arguments.given("what happens to executions in flight", choice);
            return this;
        }

        /**
         * Sets how long an execution may take, counted from its submission or, if that is later, from its requested
         * start. After that time its active tasks fail, and the trigger rules of later tasks decide what else runs.
         * Default: forever.
         *
         * @param longest more than zero, at most 36,500 days
         */
        public Builder deadline(Duration longest) {
            deadline = Arguments.duration(ErrorCodes.INVALID_DEADLINE, "a deadline", longest, Duration.ofNanos(1));
            return this;
        }

        /** Adds a task without dependencies and with default settings. */
        public Builder task(String taskName, TaskBody body) {
            return task(taskName, body, options -> {});
        }

        /**
         * Adds a task; {@code options} sets its dependencies, trigger rule, retries and other settings. Of tasks that
         * do not depend on each other, the one declared first comes first: in all lists, and when values of later tasks
         * replace values of earlier ones.
         */
        public Builder task(String taskName, TaskBody body, Consumer<TaskOptions> options) {
            Arguments.given("the name of a task", taskName);
            Arguments.given("the body of task " + Names.quoted(taskName), body);
            TaskOptions chosen = new TaskOptions();
            Arguments.given("the options of task " + Names.quoted(taskName), options)
                    .accept(chosen);
            tasks.add(new TaskDefinition(taskName, body, chosen));
            return this;
        }

        /**
         * Returns the definition.
         *
         * @throws InvalidWorkflowException if the definition is not valid, with all its problems
         */
        public WorkflowDefinition build() {
            TaskGraph graph = new TaskGraph(tasks);
            List<String> problems = new ArrayList<>();
            Names.problem("the name of the workflow", name, Names.MAX_LENGTH).ifPresent(problems::add);
            if (version != null) {
                Names.problem("the version", version, MAX_VERSION_LENGTH).ifPresent(problems::add);
            }
            if (limits.size() > Limit.MOST) {
                problems.add("it has " + limits.size() + " limits; at most " + Limit.MOST + " are allowed");
            }
            problems.addAll(graph.problems());
            problems.addAll(SelfWaitingCheck.problems(name, tasks, limits));
            if (!problems.isEmpty()) {
                throw new InvalidWorkflowException(name, problems);
            }
            List<TaskDefinition> inOrder = graph.tasks();
            int[][] dependencies = graph.dependencies();
            WorkflowSettings settings = new WorkflowSettings(
                    limits, schedules, List.copyOf(inputs.values()), refusesUnknownInput, inFlight, deadline);
            String known = version != null ? version : VersionHash.of(inOrder, dependencies, settings, code);
            return new WorkflowDefinition(name, known, settings, inOrder, dependencies);
        }
    }
}
