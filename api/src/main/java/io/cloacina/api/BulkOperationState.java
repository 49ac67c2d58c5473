package io.cloacina.api;

/** How far a bulk operation is. */
public enum BulkOperationState implements Labeled {
    /** A live runner continues it, or the next one that starts. */
    RUNNING("Running"),
    /** All matching executions were reached. */
    COMPLETED("Completed"),
    /** Somebody stopped it; what it had done stays. */
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
