package io.cloacina.schema.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The time during which code of the application has the connection of a transaction. Thread safe. */
final class Lending {
    private final Set<Statement> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isOver;
    private volatile @Nullable SQLException failure;

    boolean isOver() {
        return isOver;
    }

    /** A statement of the application has failed, which aborts the transaction on PostgreSQL, and here on SQLite. */
    void failed(SQLException e) {
        if (failure == null) {
            failure = e;
        }
    }

    /** The first error since the transaction was last rolled back to a savepoint. */
    @Nullable
    SQLException failure() {
        return failure;
    }

    /** The transaction was rolled back to a savepoint, which was set before the failure. */
    void undone() {
        failure = null;
    }

    /** @throws TransactionAbortedException if a statement has failed */
    void requireWhole() throws TransactionAbortedException {
        SQLException first = failure;
        if (first != null) {
            throw new TransactionAbortedException(first);
        }
    }

    void opened(Statement statement) {
        open.add(statement);
    }

    void closed(Statement statement) {
        open.remove(statement);
    }

    /**
     * Ends it, and closes statements that were left open: on SQLite an open result keeps its snapshot beyond the
     * transaction.
     */
    void end() {
        isOver = true;
        for (Statement left : open) {
            try {
                left.close();
            } catch (SQLException e) {
                Database.LOG.debug("closing a statement that was left open failed", e);
            }
        }
        open.clear();
    }
}
