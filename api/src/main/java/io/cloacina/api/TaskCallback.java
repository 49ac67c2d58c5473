package io.cloacina.api;

import java.io.Serializable;

/**
 * Is called when a task has ended. It is called after the commit, by the process that committed, at most once: a
 * process that dies in between never calls it. An exception of it is logged and changes nothing. Executions call it on
 * several threads at once.
 *
 * <p>It is {@link Serializable} only so that a definition can find the code of a lambda, as {@link TaskBody} explains;
 * it is never serialized.
 */
@FunctionalInterface
public interface TaskCallback extends Serializable {
    /**
     * Called with the outcome.
     *
     * @throws Exception to have it logged
     */
    void call(TaskOutcome outcome) throws Exception;
}
