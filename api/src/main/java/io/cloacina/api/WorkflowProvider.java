package io.cloacina.api;

/**
 * Creates the definition of a workflow that is written as a class with annotated methods. The annotation processor
 * generates one for each such class, and {@link java.util.ServiceLoader} finds it.
 *
 * @param <T> that class
 */
public interface WorkflowProvider<T> {
    /** The class. */
    Class<T> type();

    /** The name of the workflow. */
    String workflowName();

    /** The definition, whose tasks call the methods of this instance. */
    WorkflowDefinition define(T instance);
}
