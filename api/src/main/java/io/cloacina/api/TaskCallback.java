package io.cloacina.api;

import java.io.Serializable;

/**
 * Hears how a task ended. It is called after the commit, by the process that committed, at most once: a process that dies in
 * between never calls it. What it throws is logged and changes nothing. Executions call it on several threads at once.
 *
 * <p>It is {@link Serializable} only so that a definition can find the code of a lambda, as {@link TaskBody} says; it is never
 * serialized.
 */
@FunctionalInterface
public interface TaskCallback extends Serializable {
    /**
     * Hears the outcome.
     *
     * @throws Exception to have it logged
     */
    void call(TaskOutcome outcome) throws Exception;
}
