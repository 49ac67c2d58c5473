package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;

/**
 * An attempt of a transactional task failed because its transaction was lost in each of its runs. Reasons are a
 * conflict with other transactions (serialization failure, deadlock, lock timeout), a lost connection, or changes that
 * the body made to its own row.
 */
public final class TransactionLostException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /** For an attempt of a task, with the reason of the last loss. */
    public TransactionLostException(String task, int attempt, RuntimeException last) {
        super(
                ErrorCodes.TRANSACTION_LOST,
                "the work of attempt " + attempt + " of task '" + task
                        + "' could not be committed: its transaction was lost several times in a row, at last because "
                        + last.getMessage(),
                last);
    }
}
