package io.cloacina.api;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One task of a workflow. Immutable, thread safe. */
public final class TaskDefinition {
    private final String name;
    private final TaskBody body;
    private final TaskSettings settings;
    private final int position;

    /** As declared: its position is known when the workflow is built. */
    TaskDefinition(String name, TaskBody body, TaskOptions options) {
        this(name, body, TaskSettings.of(options), -1);
    }

    TaskDefinition(TaskDefinition declared, int position) {
        this(declared.name, declared.body, declared.settings, position);
    }

    private TaskDefinition(String name, TaskBody body, TaskSettings settings, int position) {
        this.name = name;
        this.body = body;
        this.settings = settings;
        this.position = position;
    }

    /** The name, unique in its workflow. */
    public String name() {
        return name;
    }

    /** The work. */
    public TaskBody body() {
        return body;
    }

    /** The names of the tasks that must have ended before this one, as given. */
    public List<String> dependencies() {
        return settings.dependencies();
    }

    /** The trigger rule: whether it runs once they have ended. */
    public TriggerRule rule() {
        return settings.rule();
    }

    /** The retry policy. */
    public RetryPolicy retry() {
        return settings.retry();
    }

    /** How long the body of an attempt may take; more than zero. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(settings.timeout());
    }

    /** A number that is added to the priority of the execution, from -1000 to 1000; higher runs first. */
    public int priority() {
        return settings.priority();
    }

    /** Whether its writes through {@link TaskContext#connection()} and its completion are one transaction. */
    public boolean isTransactional() {
        return settings.isTransactional();
    }

    /** What it waits for before its body runs. */
    public Optional<Wait> waitsFor() {
        return Optional.ofNullable(settings.waiting());
    }

    /** The list for whose elements it runs. */
    public Optional<FanOut> fanOut() {
        return Optional.ofNullable(settings.fanOut());
    }

    /** The workflow to which it hands its work. */
    public Optional<ChildWorkflow> child() {
        return Optional.ofNullable(settings.child());
    }

    /** The limits of its attempts. */
    public List<Limit> limits() {
        return settings.limits();
    }

    /** The types of the values that it reads of tasks before it, by key, in the order in which they were declared. */
    public Map<String, Type> reads() {
        return settings.reads();
    }

    /** The type of its output, if it was declared. */
    public Optional<Type> output() {
        return Optional.ofNullable(settings.output());
    }

    /** The callback for when it has completed. */
    public Optional<TaskCallback> onCompleted() {
        return Optional.ofNullable(settings.onCompleted());
    }

    /** The callback for when it has failed for good. */
    public Optional<TaskCallback> onFailed() {
        return Optional.ofNullable(settings.onFailed());
    }

    /** Its index in {@link WorkflowDefinition#tasks()}, from 0. */
    public int position() {
        return position;
    }

    /** Contradictions between its settings. */
    List<String> contradictions() {
        return settings.contradictions();
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
