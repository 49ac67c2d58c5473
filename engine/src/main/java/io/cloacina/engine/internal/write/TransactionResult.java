package io.cloacina.engine.internal.write;

import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;

/** The result of one try of a transaction. */
public sealed interface TransactionResult {
    /** It is committed, with these effects. */
    record Committed(CommitEffects effects) implements TransactionResult {}

    /** It is rolled back. */
    sealed interface Failure extends TransactionResult {
        Throwable error();
    }

    /**
     * The tasks of some workflows cannot be claimed now, and are not claimed for a while. The rest of the transaction
     * can be stored without a claim.
     */
    record ClaimFailed(RuntimeException error) implements Failure {}

    /**
     * It had begun, so the database was reachable, and was lost: to a conflict with another transaction, to a lock that
     * another one held for too long, with its connection, or because others declared this process dead, which has
     * continued as a new runner. A retry may succeed. If each is lost, the database is not the cause.
     */
    record Lost(DatabaseException error) implements Failure {
        /** Whether another transaction holds a lock that this one needs. */
        boolean isLocked() {
            return error.kind() == ErrorKind.BUSY;
        }
    }

    /** The database is not to be reached, or a write threw. */
    record Thrown(Throwable error) implements Failure {}
}
