package io.cloacina.api;

/** The work of a task. It may run again after a crash or a failure, so it should do no harm when it does. */
@FunctionalInterface
public interface TaskBody {
    /**
     * Does the work.
     *
     * @throws Exception to fail this attempt
     */
    void run(TaskContext context) throws Exception;
}
