package io.cloacina.engine.model;

/**
 * How many occurrences of a schedule are kept (see retention), of which the latest 1,000 are counted, and the states of their
 * executions: {@code unfinished} are pending, running or paused.
 */
public record ScheduleStatistics(long occurrences, long completed, long failed, long cancelled, long unfinished) {
    /** How many occurrences are counted at most. */
    public static final int MOST = 1_000;
}
