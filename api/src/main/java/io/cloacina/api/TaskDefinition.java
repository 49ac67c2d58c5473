package io.cloacina.api;

import io.cloacina.api.WorkflowDefinition.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One task of a workflow. Immutable, thread safe. */
public final class TaskDefinition {
    private final String name;
    private final TaskBody body;
    private final List<String> dependencies;
    private final TriggerRule rule;
    private final RetryPolicy retry;
    private final @Nullable Duration timeout;
    private final int priority;
    private final boolean transactional;
    private final @Nullable TaskCallback onCompleted;
    private final @Nullable TaskCallback onFailed;
    private final int position;

    /** As declared: its position is known when the workflow is built. */
    TaskDefinition(String name, TaskBody body, TaskOptions options) {
        this.name = name;
        this.body = body;
        this.dependencies = List.copyOf(options.dependencies);
        this.rule = options.rule;
        this.retry = options.retry;
        this.timeout = options.timeout;
        this.priority = options.priority;
        this.transactional = options.transactional;
        this.onCompleted = options.onCompleted;
        this.onFailed = options.onFailed;
        this.position = -1;
    }

    TaskDefinition(TaskDefinition declared, int position) {
        this.name = declared.name;
        this.body = declared.body;
        this.dependencies = declared.dependencies;
        this.rule = declared.rule;
        this.retry = declared.retry;
        this.timeout = declared.timeout;
        this.priority = declared.priority;
        this.transactional = declared.transactional;
        this.onCompleted = declared.onCompleted;
        this.onFailed = declared.onFailed;
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
        return dependencies;
    }

    /** Whether it runs once they have. */
    public TriggerRule rule() {
        return rule;
    }

    /** How often it is tried. */
    public RetryPolicy retry() {
        return retry;
    }

    /** How long an attempt may take; more than zero. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** What is added to the priority of the execution, from -1000 to 1000; higher runs first. */
    public int priority() {
        return priority;
    }

    /** Whether what it writes through {@link TaskContext#connection()} and its completion are one transaction. */
    public boolean isTransactional() {
        return transactional;
    }

    /** What is called when it has completed. */
    public Optional<TaskCallback> onCompleted() {
        return Optional.ofNullable(onCompleted);
    }

    /** What is called when it has failed for good. */
    public Optional<TaskCallback> onFailed() {
        return Optional.ofNullable(onFailed);
    }

    /** Its index in {@link WorkflowDefinition#tasks()}, from 0. */
    public int position() {
        return position;
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
