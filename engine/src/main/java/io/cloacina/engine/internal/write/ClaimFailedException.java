package io.cloacina.engine.internal.write;

/**
 * The tasks of some workflows cannot be claimed now. The other writes of the transaction can be stored without a claim.
 */
public final class ClaimFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException why;
    private final transient Runnable leaving;

    /** @param leaving makes the claimer leave the workflows alone for a while */
    ClaimFailedException(RuntimeException why, Runnable leaving) {
        super(why.getMessage(), why, false, false);
        this.why = why;
        this.leaving = leaving;
    }

    public RuntimeException why() {
        return why;
    }

    /** Makes the claimer leave the workflows alone for a while, because the error is theirs and not the runner's. */
    void leaveAlone() {
        leaving.run();
    }
}
