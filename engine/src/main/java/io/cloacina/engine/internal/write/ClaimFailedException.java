package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Workflow;
import java.util.Set;

/**
 * Undoes a transaction, because tasks of these workflows cannot be claimed now. See
 * {@link TransactionResult.ClaimFailed}.
 */
public final class ClaimFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Set<Workflow> workflows;
    private final RuntimeException why;

    ClaimFailedException(Set<Workflow> workflows, RuntimeException why) {
        super(why.getMessage(), why, false, false);
        this.workflows = workflows;
        this.why = why;
    }

    Set<Workflow> workflows() {
        return workflows;
    }

    public RuntimeException why() {
        return why;
    }
}
