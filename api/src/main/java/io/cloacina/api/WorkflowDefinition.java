package io.cloacina.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final int MAX_PRIORITY = 1_000;

    private final String name;
    private final String version;
    private final List<TaskDefinition> tasks;
    private final Map<String, TaskDefinition> byName = new HashMap<>();
    private final int[][] dependencies;
    private final List<List<TaskDefinition>> successors;
    private final List<TaskDefinition> roots;
    private final List<TaskDefinition> leaves;

    private WorkflowDefinition(String name, String version, List<TaskDefinition> tasks, int[][] dependencies) {
        this.name = name;
        this.version = version;
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

    /** Begins a definition; the name has up to 200 characters, none of them a control character. */
    public static Builder named(String name) {
        return new Builder(Objects.requireNonNull(name, "the name of the workflow"));
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The version: as given, or 16 hexadecimal digits that follow what {@link Builder#version} says. */
    public String version() {
        return version;
    }

    /** The tasks in topological order: each after its dependencies, otherwise as declared. Always the same list. */
    public List<TaskDefinition> tasks() {
        return tasks;
    }

    /** The task of that name. */
    public Optional<TaskDefinition> task(String taskName) {
        return Optional.ofNullable(byName.get(taskName));
    }

    /** The names of the tasks that depend on the named one directly, in topological order; none if there is no such task. */
    public List<String> successors(String taskName) {
        return task(taskName).map(task -> names(successorsOf(task))).orElse(List.of());
    }

    /**
     * The tasks that depend on this one directly, in topological order. Always the same list.
     *
     * @throws IllegalArgumentException if it is a task of another workflow
     */
    public List<TaskDefinition> successorsOf(TaskDefinition task) {
        return successors.get(positionOf(task));
    }

    /** The tasks that depend on nothing, in topological order. Always the same list. */
    public List<TaskDefinition> roots() {
        return roots;
    }

    /** The tasks that nothing depends on, in topological order. Always the same list. */
    public List<TaskDefinition> leaves() {
        return leaves;
    }

    /**
     * The names of the tasks by level: first the roots, then in each level the tasks whose last dependency is in the level before.
     * Computed at each call, in time linear in tasks and dependencies.
     */
    public List<List<String>> levels() {
        int[] levelOf = new int[tasks.size()];
        List<List<String>> levels = new ArrayList<>();
        for (int i = 0; i < levelOf.length; i++) {
            for (int before : dependencies[i]) {
                levelOf[i] = Math.max(levelOf[i], levelOf[before] + 1);
            }
            if (levelOf[i] == levels.size()) {
                levels.add(new ArrayList<>());
            }
            levels.get(levelOf[i]).add(tasks.get(i).name());
        }
        return levels.stream().map(List::copyOf).toList();
    }

    /**
     * The names of the direct and indirect dependencies of a task, in topological order; none if there is no such task. Computed at
     * each call, in time linear in tasks and dependencies before it.
     */
    public Set<String> ancestors(String taskName) {
        return new LinkedHashSet<>(
                task(taskName).map(task -> names(ancestorsOf(task))).orElse(List.of()));
    }

    /**
     * The direct and indirect dependencies of a task, in topological order. Computed at each call, in time linear in tasks and
     * dependencies before it.
     *
     * @throws IllegalArgumentException if it is a task of another workflow
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

    private int positionOf(TaskDefinition task) {
        int position = task.position();
        if (position < 0 || position >= tasks.size() || tasks.get(position) != task) {
            throw new IllegalArgumentException("task " + Names.quoted(task.name()) + " is not one of " + this);
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
        private @Nullable String version;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Names the version, in up to 100 characters; executions of other versions are left to runners that have them.
         *
         * <p>Without it the version is a hash, which is the same in every process with the same classes and changes when something
         * about the tasks does: their names, order, dependencies and options, or the class files of bodies, retry conditions and
         * callbacks. What other classes do that a body calls, and the values that a lambda captures, are not seen: say a version
         * when these matter.
         */
        public Builder version(String given) {
            version = Objects.requireNonNull(given, "the version");
            return this;
        }

        /** Adds a task without dependencies. */
        public Builder task(String taskName, TaskBody body) {
            return task(taskName, body, options -> {});
        }

        /**
         * Adds a task; {@code options} says what it depends on, when it runs and how it is retried. The order of declaration decides
         * between tasks that do not depend on each other.
         */
        public Builder task(String taskName, TaskBody body, Consumer<TaskOptions> options) {
            Objects.requireNonNull(taskName, "the name of a task");
            Objects.requireNonNull(body, () -> "the body of task " + Names.quoted(taskName));
            TaskOptions chosen = new TaskOptions();
            options.accept(chosen);
            tasks.add(new TaskDefinition(taskName, body, chosen));
            return this;
        }

        /**
         * The definition.
         *
         * @throws InvalidWorkflowException with every problem there is
         */
        public WorkflowDefinition build() {
            TaskGraph graph = new TaskGraph(tasks);
            List<String> problems = new ArrayList<>();
            Names.problem("the name of the workflow", name, Names.MAX_LENGTH).ifPresent(problems::add);
            if (version != null) {
                Names.problem("the version", version, MAX_VERSION_LENGTH).ifPresent(problems::add);
            }
            problems.addAll(graph.problems());
            if (!problems.isEmpty()) {
                throw new InvalidWorkflowException(name, problems);
            }
            List<TaskDefinition> inOrder = graph.tasks();
            int[][] dependencies = graph.dependencies();
            String known = version != null ? version : VersionHash.of(inOrder, dependencies);
            return new WorkflowDefinition(name, known, inOrder, dependencies);
        }
    }

    /** What can be said of a task. A later call replaces an earlier one, except of {@code after}, which adds. Not thread safe. */
    public static final class TaskOptions {
        final List<String> dependencies = new ArrayList<>();
        TriggerRule rule = TriggerRule.dependenciesCompleted();
        RetryPolicy retry = RetryPolicy.NONE;

        @Nullable
        Duration timeout;

        int priority;
        boolean transactional;

        @Nullable
        TaskCallback onCompleted;

        @Nullable
        TaskCallback onFailed;

        private TaskOptions() {}

        /** The task is decided only when these have ended; without a rule it runs only if all of them completed. */
        public TaskOptions after(String... taskNames) {
            return after(List.of(taskNames));
        }

        /** The task is decided only when these have ended; without a rule it runs only if all of them completed. */
        public TaskOptions after(Collection<String> taskNames) {
            dependencies.addAll(List.copyOf(taskNames));
            return this;
        }

        /** Whether the task runs once its dependencies have ended. The tasks that it names are direct or indirect dependencies. */
        public TaskOptions when(TriggerRule decides) {
            rule = Objects.requireNonNull(decides, "the rule");
            return this;
        }

        /** Tries the task again when it fails. */
        public TaskOptions retry(RetryPolicy policy) {
            retry = Objects.requireNonNull(policy, "the retry policy");
            return this;
        }

        /**
         * An attempt that takes longer is interrupted, and has failed.
         *
         * @throws IllegalArgumentException if it is not more than zero
         */
        public TaskOptions timeout(Duration longest) {
            if (longest.isZero() || longest.isNegative()) {
                throw new IllegalArgumentException("the timeout is more than zero, but " + longest + " was given");
            }
            timeout = longest;
            return this;
        }

        /**
         * What is added to the priority of the execution; of the tasks that are ready, those with a higher sum run first.
         *
         * @throws IllegalArgumentException if it is not from -1000 to 1000
         */
        public TaskOptions priority(int added) {
            if (added < -MAX_PRIORITY || added > MAX_PRIORITY) {
                throw new IllegalArgumentException("the priority is from -1000 to 1000, not " + added);
            }
            priority = added;
            return this;
        }

        /** Gives the task the connection of its own commit: {@link TaskContext#connection()}. */
        public TaskOptions transactional() {
            transactional = true;
            return this;
        }

        /** What is called when the task has completed. */
        public TaskOptions onCompleted(TaskCallback callback) {
            onCompleted = Objects.requireNonNull(callback, "the callback");
            return this;
        }

        /** What is called when the task has failed for good. */
        public TaskOptions onFailed(TaskCallback callback) {
            onFailed = Objects.requireNonNull(callback, "the callback");
            return this;
        }
    }
}
