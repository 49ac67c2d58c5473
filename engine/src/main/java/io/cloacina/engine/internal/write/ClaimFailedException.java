package io.cloacina.engine.internal.write;

/** Nothing of some workflow can be claimed now: whatever else was in the transaction need not suffer from that. */
public final class ClaimFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException why;
    private final transient Runnable leaving;

    /** @param leaving has the workflow left alone for a while */
    ClaimFailedException(RuntimeException why, Runnable leaving) {
        super(why.getMessage(), why, false, false);
        this.why = why;
        this.leaving = leaving;
    }

    public RuntimeException why() {
        return why;
    }

    /** Has the workflow left alone for a while: it lies in that, and not in the runner that claims. */
    void leaveAlone() {
        leaving.run();
    }
}
