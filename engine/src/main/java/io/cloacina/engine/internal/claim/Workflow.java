package io.cloacina.engine.internal.claim;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.FanOut;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.json.Payloads;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A definition, with the texts that every submission of it stores, made once. Immutable, thread safe. */
public final class Workflow {
    private final WorkflowDefinition definition;
    private final List<TaskDefinition> tasks;
    private final StoredDefinition stored;
    private final List<Optional<String>> dependencies;
    private final boolean bounded;
    private final boolean severalRoots;
    private final boolean hasCode;
    private final @Nullable ClassLoader loader;
    private final @Nullable UniversalUuid storedAs;
    private final Payloads payloads;

    /** A workflow that the engine was built with. */
    public Workflow(WorkflowDefinition definition, JsonMapping json) {
        this(definition, json, null, null);
    }

    /**
     * A workflow of a package.
     *
     * @param storedAs the id of the stored package
     * @param loader the class loader of the package, which its code expects as the context class loader
     */
    public Workflow(
            WorkflowDefinition definition,
            JsonMapping json,
            @Nullable UniversalUuid storedAs,
            @Nullable ClassLoader loader) {
        this(definition, StoredDefinition.of(definition, json), true, storedAs, loader, json.payloads());
    }

    /** A workflow whose code this process lacks: it can be submitted, but not run. */
    public static Workflow withoutCode(StoredDefinition stored, @Nullable UniversalUuid storedAs, Payloads payloads) {
        return new Workflow(stored.withoutCode(), stored, false, storedAs, null, payloads);
    }

    private Workflow(
            WorkflowDefinition definition,
            StoredDefinition stored,
            boolean hasCode,
            @Nullable UniversalUuid storedAs,
            @Nullable ClassLoader loader,
            Payloads payloads) {
        this.payloads = payloads;
        this.storedAs = storedAs;
        this.loader = loader;
        this.hasCode = hasCode;
        this.stored = stored;
        this.definition = definition;
        this.tasks = definition.tasks();
        this.dependencies = tasks.stream()
                .map(task -> task.dependencies())
                .map(names -> names.isEmpty() ? Optional.<String>empty() : Optional.of(JsonContext.names(names)))
                .toList();
        this.severalRoots =
                tasks.stream().filter(task -> task.dependencies().isEmpty()).count() > 1;
        this.bounded = !definition.limits().isEmpty()
                || tasks.stream().anyMatch(task -> !task.limits().isEmpty());
    }

    /** Refuses a definition that has too many tasks. */
    public static void requireTasks(WorkflowDefinition definition, int maxTasks) {
        if (definition.tasks().size() > maxTasks) {
            throw new CloacinaException(
                    ErrorCodes.TOO_MANY_TASKS,
                    "workflow '" + definition.name() + "' has "
                            + definition.tasks().size() + " tasks and at most " + maxTasks
                            + " are allowed: raise maxTasks, or split it");
        }
    }

    /** Code of the application. */
    public interface Code {
        void run() throws Exception;
    }

    /** Whether this process can run its tasks. */
    public boolean hasCode() {
        return hasCode;
    }

    /** Encodes what its executions store. */
    Payloads payloads() {
        return payloads;
    }

    /** The definition as it is stored. */
    public StoredDefinition stored() {
        return stored;
    }

    /** The id of its stored package; null if the engine was built with it. */
    @Nullable
    public UniversalUuid storedAs() {
        return storedAs;
    }

    /** Runs code of the workflow in this thread, with the class loader of its package. */
    public void run(Code code) throws Exception {
        if (loader == null) {
            code.run();
            return;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            code.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    public WorkflowDefinition definition() {
        return definition;
    }

    public String name() {
        return definition.name();
    }

    public String version() {
        return definition.version();
    }

    public List<TaskDefinition> tasks() {
        return tasks;
    }

    public TaskDefinition task(int position) {
        return tasks.get(position);
    }

    /** The task of that name, or of the run for an element with that name: {@code resize[7]} is of {@code resize}. */
    public Optional<TaskDefinition> task(String taskName) {
        Optional<TaskDefinition> found = definition.task(taskName);
        return found.isPresent()
                ? found
                : definition
                        .task(FanOut.taskOf(taskName))
                        .filter(task -> task.fanOut().isPresent());
    }

    /** The name of a run for an element. */
    public static String elementName(TaskDefinition task, int index) {
        return task.name() + "[" + index + "]";
    }

    public List<TaskDefinition> successorsOf(TaskDefinition task) {
        return definition.successorsOf(task);
    }

    /** Which task or input must write the value that a task does not find under a key. */
    public String writer(TaskDefinition task, String key, String what) {
        boolean isTaskAside = !key.equals(task.name())
                && definition.task(key).isPresent()
                && !definition.ancestors(task.name()).contains(key);
        return isTaskAside
                ? "task '" + key + "' does not run before it; name it in after"
                : "a task before it, or the input, must write " + what;
    }

    /** Whether several of its tasks begin with what the execution was submitted with. */
    public boolean hasSeveralRoots() {
        return severalRoots;
    }

    /** The number of its leaves. */
    public int leaves() {
        return definition.leaves().size();
    }

    /** Whether it or one of its tasks has a limit. */
    public boolean isBounded() {
        return bounded;
    }

    /** The trigger rule of a task, as it is stored. */
    public String ruleJson(int position) {
        return stored.tasks().get(position).rule();
    }

    /** The other settings of a task, as they are stored. */
    public String configurationJson(int position) {
        return stored.tasks().get(position).configuration();
    }

    /** The names of a task's dependencies, as they are stored; null if it has none. */
    @Nullable
    public String dependenciesJson(int position) {
        return dependencies.get(position).orElse(null);
    }

    /** {@code name@version}. */
    @Override
    public String toString() {
        return definition.toString();
    }
}
