package io.cloacina.engine.model;

/**
 * How to retry a failed execution. Immutable.
 *
 * <pre>{@code
 * engine.retry(id, RetryMode.evenAfterCompensation());
 * }</pre>
 */
public final class RetryMode {
    private static final RetryMode UNLESS_COMPENSATED = new RetryMode(false);
    private static final RetryMode EVEN_AFTER_COMPENSATION = new RetryMode(true);

    private final boolean isEvenAfterCompensation;

    private RetryMode(boolean isEvenAfterCompensation) {
        this.isEvenAfterCompensation = isEvenAfterCompensation;
    }

    /**
     * Refuses the retry if a task has run in reaction to the failure. Such a task, which runs because of its trigger
     * rule, may have undone what the retry builds upon: an order that was refunded must not be shipped.
     */
    public static RetryMode unlessCompensated() {
        return UNLESS_COMPENSATED;
    }

    /**
     * Retries in any case. Completed tasks stay completed, including those that reacted to the failure; failed tasks,
     * and the skipped tasks after them, run again.
     */
    public static RetryMode evenAfterCompensation() {
        return EVEN_AFTER_COMPENSATION;
    }

    /** Whether to retry even if tasks have run in reaction to the failure. */
    public boolean isEvenAfterCompensation() {
        return isEvenAfterCompensation;
    }
}
