package io.cloacina.engine.model;

import io.cloacina.api.TaskContext;
import java.util.List;
import java.util.UUID;

/**
 * Code of an application around every submission and every body of an engine: for tracing, security, logging, context of threads.
 * The first one that was given to the builder is the outermost. Called by many threads at once.
 *
 * <p>What it throws is thrown by what it surrounds: a submission fails and stores nothing, an attempt of a task fails and is
 * retried by its policy.
 */
public interface EngineInterceptor {
    /** The rest of a submission: the next interceptor, or the engine. */
    @FunctionalInterface
    interface Submitting {
        /** Stores the executions of these submissions, in their order, and returns their ids. */
        List<UUID> submit(List<Submission> submissions);
    }

    /** The rest of a body: the next interceptor, or the body. */
    @FunctionalInterface
    interface Running {
        /** Runs it. */
        void run() throws Exception;
    }

    /**
     * Around what an application submits, in the thread that does, one by one, in batches or inside a transaction of its own. What the
     * engine itself submits, for schedules and for children of tasks, does not pass here.
     *
     * @param submissions not empty, immutable; {@link Submission#input} returns a changed copy, to hand on another one
     * @param next to be called at most once
     * @return the ids for the caller: mostly those of {@code next}
     */
    default List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
        return next.submit(submissions);
    }

    /**
     * Around the body of a task, in the thread that runs it, each time that it runs. It has the time limit of the task, its
     * interrupt, and of a transactional task its transaction. What does not call {@code next} completes the attempt without the
     * body, with what it wrote itself.
     *
     * @param task what the body sees; of no use once this has returned
     * @param next to be called at most once, in this thread
     * @throws Exception what the body threw, or something of its own: the attempt failed then
     */
    default void aroundBody(TaskContext task, Running next) throws Exception {
        next.run();
    }
}
