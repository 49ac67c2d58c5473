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

    /** As declared: the position is known only when the workflow is built. */
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

    /** The code that the task runs. */
    public TaskBody body() {
        return body;
    }

    /** The names of the tasks that must have ended before this one, in the order of declaration. */
    public List<String> dependencies() {
        return settings.dependencies();
    }

    /** The trigger rule: whether the task runs once its dependencies have ended. */
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

    /** Whether writes through {@link TaskContext#connection()} and the completion of the task are one transaction. */
    public boolean isTransactional() {
        return settings.isTransactional();
    }

    /** The sleep or the signal that the task waits for before its body runs; empty if it does not wait. */
    public Optional<Wait> waitsFor() {
        return Optional.ofNullable(settings.waiting());
    }

    /** The list for each element of which the body runs; empty if the task is not a fan-out. */
    public Optional<FanOut> fanOut() {
        return Optional.ofNullable(settings.fanOut());
    }

    /** The workflow of which the task submits an execution; empty if the task has no child. */
    public Optional<ChildWorkflow> child() {
        return Optional.ofNullable(settings.child());
    }

    /** The limits of its attempts. */
    public List<Limit> limits() {
        return settings.limits();
    }

    /** The declared types of the values of earlier tasks that the body reads, by key, in the order of declaration. */
    public Map<String, Type> reads() {
        return settings.reads();
    }

    /** The type of its output, if it was declared. */
    public Optional<Type> output() {
        return Optional.ofNullable(settings.output());
    }

    /** The callback for when the task has completed. */
    public Optional<TaskCallback> onCompleted() {
        return Optional.ofNullable(settings.onCompleted());
    }

    /** The callback for when the task has failed for good. */
    public Optional<TaskCallback> onFailed() {
        return Optional.ofNullable(settings.onFailed());
    }

    /** Its index in {@link WorkflowDefinition#tasks()}, from 0. */
    public int position() {
        return position;
    }

    /** The contradictions between the settings of the task, a sentence each. */
    List<String> contradictions() {
        return settings.contradictions();
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
