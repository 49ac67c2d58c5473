package io.cloacina.api;

/** The state of a task execution. */
public enum TaskStatus implements Labeled {
    /** Waits for its dependencies. */
    NOT_STARTED("NotStarted"),
    /** May be claimed once it is due. */
    READY("Ready"),
    /** Claimed by a runner. */
    RUNNING("Running"),
    /** Waits for a time, a signal or its children; no runner has claimed it. */
    WAITING("Waiting"),
    /** Finished; its output is stored. */
    COMPLETED("Completed"),
    /** Finished: its last attempt failed. */
    FAILED("Failed"),
    /**
     * Finished without running: its trigger rule did not hold, its signal did not come in time, or another run for its
     * list failed.
     */
    SKIPPED("Skipped"),
    /** Finished: its execution was cancelled. */
    CANCELLED("Cancelled");

    private final String label;

    TaskStatus(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    /** Whether the task has ended. Only a retry leads to another state then. */
    public boolean isFinished() {
        return switch (this) {
            case NOT_STARTED, READY, RUNNING, WAITING -> false;
            case COMPLETED, FAILED, SKIPPED, CANCELLED -> true;
        };
    }
}
