package io.cloacina.api;

/** What a bulk operation does to executions. */
public enum BulkActionKind implements Labeled {
    /** Cancels those that have not ended. */
    CANCEL("cancel"),
    /** Pauses those that have not ended. */
    PAUSE("pause"),
    /** Resumes paused ones. */
    RESUME("resume"),
    /** Retries failed ones. */
    RETRY("retry"),
    /** Begins those anew that have ended, as new executions. */
    RESTART("restart"),
    /** Removes those that have ended, with all their rows. */
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
