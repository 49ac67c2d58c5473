package io.cloacina.api;

import java.io.Serializable;

/**
 * Code that is called after the end of a task has been committed. The process that committed calls it, at most once: if
 * that process dies in between, it is not called. An exception that it throws is logged and changes nothing. It is
 * called on several threads at once.
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
