package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Code of an application around every submission and every body of an engine: for tracing, security, logging, context
 * of threads. The first that was added to the builder is the outermost. Called by many threads at once.
 *
 * <p>An exception of it has the effect of one of the surrounded code: a submission throws it and stores nothing, an
 * attempt of a task fails and is retried by its policy.
 */
public interface EngineInterceptor {
    /** The rest of a submission: the next interceptor, or the engine. */
    @FunctionalInterface
    interface Submitting {
        /** Stores the executions of these submissions, in their order, and returns their ids. */
        List<UUID> submit(List<Submission> submissions);
    }

    /** The rest of a body: the next interceptor, or the body. Used by the thread that runs it. */
    interface Running {
        /** Runs it. */
        void run() throws Exception;

        /**
         * What the execution carries, by name: what its submission carried ({@link Submission#carrying}) or was handed on
         * by another one. Asks the database, once for an attempt.
         */
        Map<String, String> carried();

        /** When the execution was submitted. Asks the database, once for an attempt. */
        Instant submittedAt();

        /**
         * What executions carry that follow from this attempt: the child of the task, and the one that its execution
         * continues as. To be called before {@link #run}. Nothing is handed on by itself.
         *
         * @throws CloacinaException with the code INVALID_CARRIED if a submission could not carry it
         */
        void handOn(Map<String, String> carried);
    }

    /**
     * Surrounds the submissions of an application, in the thread that submits, one by one, in batches or inside a
     * transaction of its own. A restart is a submission of the workflow with the input of the new execution, of
     * which that and what it carries can be changed. Not called for the submissions of the engine itself: what these
     * carry say {@link #onSchedule} and {@link Running#handOn}.
     *
     * @param submissions not empty, immutable; {@link Submission#input} returns a changed copy, which can be passed on
     *     instead
     * @param next to be called at most once
     * @return the ids for the caller: usually those of {@code next}
     */
    default List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
        return next.submit(submissions);
    }

    /**
     * Surrounds the body of a task, in the thread that runs it, each time that it runs. The timeout of the task, its
     * interrupt and, for a transactional task, its transaction apply to it. An interceptor that does not call {@code
     * next} completes the attempt without the body, with its own writes.
     *
     * @param task the context of the body; it cannot be used once this has returned
     * @param next to be called at most once, in this thread
     * @throws Exception of the body, or one of its own: the attempt has failed then
     */
    default void aroundBody(TaskContext task, Running next) throws Exception {
        next.run();
    }

    /**
     * What an execution carries that a schedule submits. Called within the transaction that submits it, so this returns
     * at once; again if that transaction is lost. An exception leaves the schedule due, to be tried again. Default:
     * nothing.
     *
     * @param schedule its name
     * @param workflow that it submits
     */
    default Map<String, String> onSchedule(String schedule, String workflow) {
        return Map.of();
    }
}
