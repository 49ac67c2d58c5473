package io.cloacina.api;

import java.io.Serializable;

/**
 * The code of a task. It may run again after a crash or a failure, so its effects should be idempotent. It is called on
 * several threads at once.
 *
 * <p>It is {@link Serializable} for one reason: the version of a workflow depends on the code of its tasks, and only a
 * serializable lambda reveals its method (its {@code writeReplace} returns a {@link
 * java.lang.invoke.SerializedLambda}). It is never serialized; captured values need not be serializable. (javac's
 * serial lint requires a serialVersionUID only in a named class that implements it, not for a lambda, a method
 * reference or a record.)
 */
@FunctionalInterface
public interface TaskBody extends Serializable {
    /**
     * Does the work.
     *
     * @throws Exception to fail this attempt
     */
    void run(TaskContext context) throws Exception;
}
