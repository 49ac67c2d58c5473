package io.cloacina.api;

/** What a bulk operation does to executions. */
public enum BulkActionKind implements Labeled {
    /** Cancels executions that have not ended. */
    CANCEL("cancel"),
    /** Pauses executions that have not ended. */
    PAUSE("pause"),
    /** Resumes paused executions. */
    RESUME("resume"),
    /** Retries failed executions. */
    RETRY("retry"),
    /** Restarts executions that have ended, as new executions. */
    RESTART("restart"),
    /** Deletes executions that have ended, with all their rows. */
    DELETE("delete");

    private final String label;

    BulkActionKind(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
