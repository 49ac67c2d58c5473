package io.cloacina.api;

/** The state of a bulk operation. */
public enum BulkOperationState implements Labeled {
    /** Not finished: a live runner continues it, or the next runner that starts. */
    RUNNING("Running"),
    /** All matching executions were processed. */
    COMPLETED("Completed"),
    /** Stopped by a user; changes that were already made stay. */
    STOPPED("Stopped");

    private final String label;

    BulkOperationState(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
