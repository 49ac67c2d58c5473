package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.schema.database.DatabaseException;

/**
 * What an attempt did could not be committed, because its transaction was lost each time: against others (serialization
 * failure, deadlock, a lock that another transaction held for too long) or with its connection. The attempt has failed.
 */
public final class TransactionLostException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    public TransactionLostException(Claim claim, DatabaseException last) {
        super(
                "TRANSACTION_LOST",
                "what attempt " + claim.attempt() + " of task '" + claim.taskName()
                        + "' did could not be committed: its transaction was lost several times in a row, at last because "
                        + last.getMessage(),
                last);
    }
}
