package io.cloacina.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A group of executions with the same error. {@code error} is its first line, of at most 500 characters, which begins
 * with the class of an exception. {@code executions} is their number. {@code workflows} and {@code tasks} are sorted
 * names; a run for an element counts as its task, and {@code tasks} is empty if executions failed as a whole.
 * {@code firstAt} and {@code lastAt} are when the first and the last of them ended; {@code example} is the newest.
 */
public record FailureGroup(
        String error,
        int executions,
        List<String> workflows,
        List<String> tasks,
        Instant firstAt,
        Instant lastAt,
        UUID example) {}
