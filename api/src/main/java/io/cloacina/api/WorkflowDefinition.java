package io.cloacina.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final String name;
    private final String version;
    private final Map<String, TaskDefinition> tasks;
    private final Map<String, List<String>> successors;

    private WorkflowDefinition(String name, String version, List<TaskDefinition> inOrder) {
        this.name = name;
        this.version = version;
        this.tasks = new LinkedHashMap<>();
        this.successors = new LinkedHashMap<>();
        for (TaskDefinition task : inOrder) {
            tasks.put(task.name(), task);
            for (String before : task.dependencies()) {
                successors.computeIfAbsent(before, key -> new ArrayList<>()).add(task.name());
            }
        }
    }

    /** Begins a definition. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The version: as given, or derived from the names of the tasks and their dependencies. */
    public String version() {
        return version;
    }

    /** The tasks in topological order: each after its dependencies, otherwise as declared. */
    public List<TaskDefinition> tasks() {
        return List.copyOf(tasks.values());
    }

    /** The task of that name. */
    public Optional<TaskDefinition> task(String taskName) {
        return Optional.ofNullable(tasks.get(taskName));
    }

    /** The tasks that depend on the named one directly, in topological order. */
    public List<String> successors(String taskName) {
        return List.copyOf(successors.getOrDefault(taskName, List.of()));
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

        /** Names the version; executions of other versions are left to runners that have them. */
        public Builder version(String given) {
            version = given;
            return this;
        }

        /** Adds a task without dependencies. */
        public Builder task(String taskName, TaskBody body) {
            return task(taskName, body, options -> {});
        }

        /** Adds a task; {@code options} says what it depends on and how it is retried. */
        public Builder task(String taskName, TaskBody body, Consumer<TaskOptions> options) {
            TaskOptions chosen = new TaskOptions();
            options.accept(chosen);
            tasks.add(new TaskDefinition(taskName, chosen.dependencies, chosen.retry, body));
            return this;
        }

        /**
         * The definition.
         *
         * @throws InvalidWorkflowException with every problem there is
         */
        public WorkflowDefinition build() {
            TaskGraph graph = new TaskGraph(tasks);
            List<String> problems = graph.problems(name);
            if (!problems.isEmpty()) {
                throw new InvalidWorkflowException(name, problems);
            }
            List<TaskDefinition> inOrder = graph.inOrder();
            return new WorkflowDefinition(name, version != null ? version : structureHash(inOrder), inOrder);
        }

        private static String structureHash(List<TaskDefinition> inOrder) {
            StringBuilder structure = new StringBuilder();
            for (TaskDefinition task : inOrder) {
                structure
                        .append(task.name())
                        .append('<')
                        .append(task.dependencies())
                        .append('\n');
            }
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256")
                        .digest(structure.toString().getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(digest, 0, 8);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /** What can be said of a task. Not thread safe. */
    public static final class TaskOptions {
        private final List<String> dependencies = new ArrayList<>();
        private RetryPolicy retry = RetryPolicy.NONE;

        private TaskOptions() {}

        /** Runs the task only after these. */
        public TaskOptions after(String... taskNames) {
            dependencies.addAll(List.of(taskNames));
            return this;
        }

        /** Tries the task again when it fails. */
        public TaskOptions retry(RetryPolicy policy) {
            retry = policy;
            return this;
        }
    }
}
