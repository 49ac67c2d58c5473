package io.cloacina.engine.model;

/**
 * How many occurrences of a schedule are kept (see retention), and the states of their executions: {@code unfinished}
 * are pending, running or paused.
 */
public record ScheduleStatistics(long occurrences, long completed, long failed, long cancelled, long unfinished) {}
