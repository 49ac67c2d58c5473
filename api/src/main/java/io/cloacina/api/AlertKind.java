package io.cloacina.api;

/** What an alert is about. */
public enum AlertKind implements Labeled {
    /** Of the executions that ended within a time, more than a share failed. */
    FAILURE_RATE("failure-rate"),
    /** A task has been ready for longer than a time, and no runner has begun it. */
    OLDEST_READY("oldest-ready"),
    /** More than a number of unfinished executions have a version that no live runner has. */
    STRANDED("stranded"),
    /** A schedule should have fired longer ago than a time. */
    SCHEDULE_LATE("schedule-late"),
    /** An execution has ended: each one is told of. */
    EXECUTION_ENDED("execution-ended");

    private final String label;

    AlertKind(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
