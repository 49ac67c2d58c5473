package io.cloacina.engine.model;

/**
 * Which failed executions a retry opens again. Immutable.
 *
 * <pre>{@code
 * engine.retry(id, Retry.evenAfterCompensation());
 * }</pre>
 */
public final class Retry {
    private static final Retry UNLESS_COMPENSATED = new Retry(false);
    private static final Retry EVEN_AFTER_COMPENSATION = new Retry(true);

    private final boolean isEvenAfterCompensation;

    private Retry(boolean isEvenAfterCompensation) {
        this.isEvenAfterCompensation = isEvenAfterCompensation;
    }

    /**
     * Only those in which nothing has run after a failed task. A task that has, because its trigger rule reacts to the
     * failure, may have undone what the retry builds upon: an order that was refunded must not be shipped.
     */
    public static Retry unlessCompensated() {
        return UNLESS_COMPENSATED;
    }

    /**
     * Any. What completed stays as it is, also the tasks that reacted to the failure; what failed, and what was skipped
     * after it, runs again.
     */
    public static Retry evenAfterCompensation() {
        return EVEN_AFTER_COMPENSATION;
    }

    /** Whether executions are opened in which tasks have run after a failed one. */
    public boolean isEvenAfterCompensation() {
        return isEvenAfterCompensation;
    }
}
