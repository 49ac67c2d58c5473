package io.cloacina.engine.model;

import io.cloacina.api.TaskStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a task that is not finished is where it is, as it was when it was read.
 *
 * @param task its name
 * @param status its state
 * @param kind what kind of reason it is
 * @param sentence the reason in words, without the name of the task; its instants are in UTC
 * @param since since when it is so; null if that is not known
 * @param until until when it lasts at most; null if that is not known, or nothing ends it
 * @param data what the sentence names, by the names that {@link Kind} lists, as texts
 */
public record Reason(
        String task,
        TaskStatus status,
        Kind kind,
        String sentence,
        @Nullable Instant since,
        @Nullable Instant until,
        Map<String, String> data) {
    /** The kinds of reasons. */
    public enum Kind {
        /** It waits for another task of the execution: {@code dependency}, {@code state}. */
        DEPENDENCY,
        /** All that it depends on has ended, and its trigger rule is being decided. */
        RULE,
        /** It waits for a signal: {@code signal}. */
        SIGNAL,
        /** It waits for a child execution: {@code child}, {@code workflow}, {@code state}. */
        CHILD,
        /** It waits for the runs for the elements of its list: {@code left}. */
        LIST,
        /** It sleeps. */
        TIME,
        /** It waits for its next attempt: {@code attempt}, {@code of}. */
        RETRY,
        /** Its execution was submitted to start later. */
        START,
        /** Its execution is paused: {@code reason}, if one was given. */
        PAUSED,
        /** A limit is full: {@code limit}, {@code key} if it has one, {@code holders}, and {@code held_by}, ids. */
        LIMIT,
        /** No runner is alive. */
        NO_RUNNER,
        /** No live runner has its version: {@code version}, {@code versions} of live runners, {@code why} if known. */
        NO_VERSION,
        /** All slots of the runners that have its version are taken: {@code slots}, {@code before}. */
        SLOTS,
        /** It is ready, and a runner that has a free slot takes it soon: {@code before}. */
        SOON,
        /** It runs: {@code host}, {@code pid}, {@code runner}, and {@code left} if it has a timeout. */
        RUNNING,
        /** It runs on a runner whose lease is over: {@code host}, {@code pid}, {@code runner}. */
        RUNNER_SILENT
    }

    /** Copies the data. */
    public Reason {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }
}
