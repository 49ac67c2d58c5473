package io.cloacina.api;

/** The state of an execution. */
public enum ExecutionStatus implements Labeled {
    /** Submitted; none of its tasks has started. */
    PENDING("Pending"),
    /** At least one task has started and at least one is not finished. */
    RUNNING("Running"),
    /** All tasks are finished and none failed. */
    COMPLETED("Completed"),
    /** All tasks are finished and at least one failed. */
    FAILED("Failed"),
    /** Cancelled by the user; no further task starts. */
    CANCELLED("Cancelled"),
    /** Paused by the user; no new task starts until it is resumed. */
    PAUSED("Paused");

    private final String label;

    ExecutionStatus(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    /** Whether the execution has ended. Only a retry leads to another state then. */
    public boolean isFinished() {
        return switch (this) {
            case PENDING, RUNNING, PAUSED -> false;
            case COMPLETED, FAILED, CANCELLED -> true;
        };
    }
}
