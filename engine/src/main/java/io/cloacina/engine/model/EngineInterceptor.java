package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs code of the application around every submission and every task body of an engine: for tracing, security,
 * logging, thread contexts. The interceptor that was added to the builder first is the outermost. Called by many
 * threads at once.
 *
 * <p>An exception of an interceptor has the effect of an exception of the surrounded code: a submission throws it and
 * stores nothing; an attempt of a task fails and is retried by its policy.
 */
public interface EngineInterceptor {
    /** The rest of a submission: the next interceptor or, after the last, the engine. */
    @FunctionalInterface
    interface Submitting {
        /** Stores the executions of these submissions, in their order, and returns their ids. */
        List<UUID> submit(List<Submission> submissions);
    }

    /**
     * The rest of a body: the next interceptor or, after the last, the body. Only for the thread that runs the body.
     */
    interface Running {
        /** Runs the rest. */
        void run() throws Exception;

        /**
         * What the execution carries, by name: the values that its submission carried ({@link Submission#carrying}), or
         * that another execution {@linkplain #handOn handed on}. The first call of an attempt queries the database.
         */
        Map<String, String> carried();

        /** When the execution was submitted. The first call of an attempt queries the database. */
        Instant submittedAt();

        /**
         * Sets what the executions that this attempt creates carry: the child of the task, and the execution as which
         * this one continues. Must be called before {@link #run}. Nothing is handed on by default.
         *
         * @throws CloacinaException with the code {@code INVALID_CARRIED} if a submission cannot carry it
         */
        void handOn(Map<String, String> carried);
    }

    /**
     * Surrounds the submissions of the application, single, in batches, or inside a transaction of its own, in the
     * submitting thread. A restart is a submission of the workflow with the input, the labels and the priority of the
     * new execution; these, its deadline and what it carries can be changed, while another workflow, an idempotency key
     * and a start are refused. Not called for submissions by the engine: for what those carry, see {@link #onSchedule}
     * and {@link Running#handOn}.
     *
     * @param submissions not empty, immutable. To pass on a changed submission, use the copy that
     *     {@link Submission#input} or another of its methods returns
     * @param next must be called at most once
     * @return the ids for the caller: usually the result of {@code next}
     */
    default List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
        return next.submit(submissions);
    }

    /**
     * Surrounds each run of the body of a task, in the thread that runs it. The timeout of the task, its interrupt and,
     * for a transactional task, its transaction include the interceptor. An interceptor that does not call {@code next}
     * completes the attempt without the body, with the interceptor's own writes.
     *
     * @param task the context of the body; it cannot be used after this method has returned
     * @param next must be called at most once, in this thread
     * @throws Exception if the body or the interceptor fails: the attempt has failed then
     */
    default void aroundBody(TaskContext task, Running next) throws Exception {
        next.run();
    }

    /**
     * Returns what an execution carries that a schedule submits. Called within the transaction that submits it, and
     * again if that transaction is lost, so it must return quickly. An exception leaves the occurrence due; it is tried
     * again. Default: nothing.
     *
     * @param schedule the name of the schedule
     * @param workflow the name of its workflow
     */
    default Map<String, String> onSchedule(String schedule, String workflow) {
        return Map.of();
    }
}
