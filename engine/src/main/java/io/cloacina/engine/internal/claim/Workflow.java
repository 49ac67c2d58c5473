package io.cloacina.engine.internal.claim;

import io.cloacina.api.CloacinaException;
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

/** A definition with what every submission of it stores again: made once. Immutable, thread safe. */
public final class Workflow {
    private final WorkflowDefinition definition;
    private final List<TaskDefinition> tasks;
    private final StoredDefinition stored;
    private final List<Optional<String>> dependencies;
    private final boolean bounded;
    private final boolean hasCode;
    private final @Nullable ClassLoader loader;
    private final @Nullable UniversalUuid storedAs;
    private final Payloads payloads;

    /** One that the engine was built with. */
    public Workflow(WorkflowDefinition definition, JsonMapping json) {
        this(definition, json, null, null);
    }

    /**
     * One of a package.
     *
     * @param storedAs the id of the stored package
     * @param loader the class loader of the package, whose code expects it as that of its thread
     */
    public Workflow(
            WorkflowDefinition definition,
            JsonMapping json,
            @Nullable UniversalUuid storedAs,
            @Nullable ClassLoader loader) {
        this(definition, StoredDefinition.of(definition, json), true, storedAs, loader, json.payloads());
    }

    /** One whose code other processes have: it can be submitted and not run. */
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
        this.bounded = !definition.limits().isEmpty()
                || tasks.stream().anyMatch(task -> !task.limits().isEmpty());
    }

    /** Refuses one with more tasks than are allowed. */
    public static void requireTasks(WorkflowDefinition definition, int maxTasks) {
        if (definition.tasks().size() > maxTasks) {
            throw new CloacinaException(
                    "TOO_MANY_TASKS",
                    "workflow '" + definition.name() + "' has "
                            + definition.tasks().size() + " tasks and at most " + maxTasks
                            + " are allowed: raise maxTasks, or split it");
        }
    }

    /** Somebody else's code. */
    public interface Code {
        void run() throws Exception;
    }

    /** Whether this process can run its tasks. */
    public boolean hasCode() {
        return hasCode;
    }

    /** How what its executions store is stored. */
    Payloads payloads() {
        return payloads;
    }

    /** What is stored of it. */
    public StoredDefinition stored() {
        return stored;
    }

    /** The id of the stored package that it is of; null for one that the engine was built with. */
    @Nullable
    public UniversalUuid storedAs() {
        return storedAs;
    }

    /** Runs code of the workflow in this thread. */
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

    /** By the name of a task, or of a run for one of its elements: {@code resize[7]} is of {@code resize}. */
    public Optional<TaskDefinition> task(String taskName) {
        Optional<TaskDefinition> found = definition.task(taskName);
        return found.isPresent()
                ? found
                : definition
                        .task(FanOut.taskOf(taskName))
                        .filter(task -> task.fanOut().isPresent());
    }

    /** What the run for an element is named. */
    public static String elementName(TaskDefinition task, int index) {
        return task.name() + "[" + index + "]";
    }

    public List<TaskDefinition> successorsOf(TaskDefinition task) {
        return definition.successorsOf(task);
    }

    /** How many tasks nothing depends on. */
    public int leaves() {
        return definition.leaves().size();
    }

    /** Whether limits bound anything of it. */
    public boolean isBounded() {
        return bounded;
    }

    /** The trigger rule of a task, as it is stored. */
    public String ruleJson(int position) {
        return stored.tasks().get(position).rule();
    }

    /** What else was said of a task, as it is stored. */
    public String configurationJson(int position) {
        return stored.tasks().get(position).configuration();
    }

    /** The names of what a task depends on, as they are stored; null when there are none. */
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
