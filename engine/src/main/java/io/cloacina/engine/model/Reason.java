package io.cloacina.engine.model;

import io.cloacina.api.TaskStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why an unfinished task is not finished, as it was when it was read.
 *
 * @param taskName the name of the task
 * @param status the state of the task
 * @param kind the kind of reason
 * @param sentence the reason in words, without the name of the task; instants are in UTC
 * @param since since when the reason applies; null if that is not known
 * @param until until when the reason applies at most; null if that is not known, or there is no such limit
 * @param data the details of the sentence, as texts; the keys are listed at each {@link Kind}
 */
public record Reason(
        String taskName,
        TaskStatus status,
        Kind kind,
        String sentence,
        @Nullable Instant since,
        @Nullable Instant until,
        Map<String, String> data) {
    /** The kinds of reasons, each with the keys of its data. */
    public enum Kind {
        /** Another task of the execution has not ended: {@code dependency}, {@code state}. */
        DEPENDENCY,
        /** All dependencies have ended, and the trigger rule is about to be evaluated. */
        RULE,
        /** The task waits for a signal: {@code signal}. */
        SIGNAL,
        /** The task waits for a child execution: {@code child}, {@code workflow}, {@code state}. */
        CHILD,
        /** The task waits for the runs for the elements of its list: {@code left}, how many have not ended. */
        LIST,
        /** The task sleeps. */
        TIME,
        /** The task waits for its next attempt: {@code attempt}, its number, and {@code of}, the maximum. */
        RETRY,
        /** The execution was submitted to start later. */
        START,
        /** The execution is paused: {@code reason}, if one was given. */
        PAUSED,
        /**
         * A limit is full: {@code limit}, {@code key} if it has one, {@code holders}, how many executions count, and
         * {@code held_by}, their ids.
         */
        LIMIT,
        /** No runner is alive. */
        NO_RUNNER,
        /**
         * No live runner has the version of the execution: {@code version}, {@code versions} of live runners,
         * {@code why} the execution cannot continue with them, if known.
         */
        NO_VERSION,
        /**
         * All slots of the runners that have the version are in use: {@code slots}, and {@code before}, how many tasks
         * come first.
         */
        SLOTS,
        /**
         * The task is ready, and a runner with a free slot will claim it soon: {@code before}, how many tasks come
         * first, and {@code refused}, why no thread took the body of its last attempt, if it was refused.
         */
        SOON,
        /**
         * The task is running: {@code host}, {@code pid}, {@code runner}, and {@code left}, the time until its timeout,
         * if it has one.
         */
        RUNNING,
        /** The task is running on a runner whose lease has expired: {@code host}, {@code pid}, {@code runner}. */
        RUNNER_SILENT
    }

    /** Copies the data. */
    public Reason {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }
}
