package io.cloacina.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Executions that failed alike. {@code error} is the first line of the error, of at most 500 characters, which begins with
 * the class of an exception; {@code executions} is how many there are; {@code workflows} and {@code tasks} are sorted, a run
 * for an element counts as its task, and {@code tasks} is empty if executions failed as a whole; {@code firstAt} and {@code
 * lastAt} are when the first and the last of them ended, {@code example} is the newest.
 */
public record FailureGroup(
        String error,
        int executions,
        List<String> workflows,
        List<String> tasks,
        Instant firstAt,
        Instant lastAt,
        UUID example) {}
