package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;

/**
 * What an attempt did could not be committed, because its transaction was lost each time: against others (serialization
 * failure, deadlock, a lock that another transaction held for too long), with its connection, or
 * to changes that the body made to its own row. The attempt has failed.
 */
public final class TransactionLostException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /** Of an attempt of a task, with how its transaction was lost at last. */
    public TransactionLostException(String task, int attempt, RuntimeException last) {
        super(
                "TRANSACTION_LOST",
                "what attempt " + attempt + " of task '" + task
                        + "' did could not be committed: its transaction was lost several times in a row, at last because "
                        + last.getMessage(),
                last);
    }
}
