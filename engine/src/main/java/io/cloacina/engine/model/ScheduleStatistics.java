package io.cloacina.engine.model;

/**
 * Counts of the occurrences of a schedule whose executions are kept, among the latest 1,000, by the state of these
 * executions; {@code unfinished} are pending, running or paused.
 */
public record ScheduleStatistics(long occurrences, long completed, long failed, long cancelled, long unfinished) {
    /** The maximum number of occurrences that are counted. */
    public static final int MOST = 1_000;
}
