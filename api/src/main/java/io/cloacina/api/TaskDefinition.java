package io.cloacina.api;

import java.util.List;

/** One task of a workflow. Immutable. */
public final class TaskDefinition {
    private final String name;
    private final List<String> dependencies;
    private final RetryPolicy retry;
    private final TaskBody body;

    TaskDefinition(String name, List<String> dependencies, RetryPolicy retry, TaskBody body) {
        this.name = name;
        this.dependencies = List.copyOf(dependencies);
        this.retry = retry;
        this.body = body;
    }

    /** The name, unique in its workflow. */
    public String name() {
        return name;
    }

    /** The tasks that must be finished before this one, as given. */
    public List<String> dependencies() {
        return dependencies;
    }

    /** How often it is tried. */
    public RetryPolicy retry() {
        return retry;
    }

    /** The work. */
    public TaskBody body() {
        return body;
    }
}
