package io.cloacina.api;

import java.io.Serializable;

/**
 * The code of a task. It may run again after a crash or a failure, so its effects should be idempotent. It is called on
 * several threads at once.
 *
 * <p>It is {@link Serializable} for one reason: the JDK reveals only of a serializable lambda which method it is (its
 * {@code writeReplace} gives a {@link java.lang.invoke.SerializedLambda}), and the version of a workflow follows the
 * code of its tasks. It is never serialized; what it captures need not be serializable. (Of a class with a name that
 * implements it, javac's serial lint wants a serialVersionUID; of a lambda, a method reference or a record it does
 * not.)
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
