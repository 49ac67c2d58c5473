package io.cloacina.api;

/** The condition of an alert rule: what it watches. */
public enum AlertKind implements Labeled {
    /** More than a given share of the executions that ended within a given time failed. */
    FAILURE_RATE("failure-rate"),
    /** A ready task has waited for a runner for longer than a given time. */
    OLDEST_READY("oldest-ready"),
    /** More than a given number of unfinished executions belong to a version that no live runner has. */
    STRANDED("stranded"),
    /** A schedule is overdue by more than a given time. */
    SCHEDULE_LATE("schedule-late"),
    /** An execution ended; one message is sent for each. */
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
