package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;

/**
 * The work of an attempt could not be committed, because its transaction was lost each time: in a conflict with others
 * (serialization failure, deadlock, a lock that another transaction held for too long), with its connection, or to
 * changes that the body made to its own row. The attempt has failed.
 */
public final class TransactionLostException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /** Of an attempt of a task, with the reason of the last loss. */
    public TransactionLostException(String task, int attempt, RuntimeException last) {
        super(
                "TRANSACTION_LOST",
                "the work of attempt " + attempt + " of task '" + task
                        + "' could not be committed: its transaction was lost several times in a row, at last because "
                        + last.getMessage(),
                last);
    }
}
