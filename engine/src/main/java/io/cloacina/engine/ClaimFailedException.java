package io.cloacina.engine;

/** Nothing of some workflow can be claimed now: whatever else was in the transaction need not suffer from that. */
final class ClaimFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaimFailedException(RuntimeException why) {
        super(why.getMessage(), why, false, false);
    }
}
