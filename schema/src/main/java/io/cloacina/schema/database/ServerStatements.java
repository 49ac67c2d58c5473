package io.cloacina.schema.database;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the driver may prepare statements on the server, under names of its own. It must not do so behind a pooler
 * that gives each transaction another connection to the server: there the name is unknown, or even belongs to another
 * statement. There is no way to find out how a pooler works, so any pooler is treated like that. Thread safe.
 */
final class ServerStatements {
    private final String database;
    private final boolean isChosen;
    private final Runnable whenFailed;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    /**
     * @param isChosen whether the URL allows it; then it is allowed until that proves wrong
     * @param whenFailed lets new connections begin without
     */
    ServerStatements(String database, boolean isChosen, Runnable whenFailed) {
        this.database = database;
        this.isChosen = isChosen;
        this.whenFailed = whenFailed;
    }

    /** Whether a new connection prepares statements on the server. */
    boolean areUsed(boolean isPooled) {
        return !hasFailed.get() && (!isPooled || isChosen);
    }

    /** Checks whether an error shows that a prepared statement was missing on the server, or was another one. */
    void noticed(DatabaseException e) {
        if (e.getCause() instanceof SQLException cause
                && PostgresErrors.isOfServerStatement(cause)
                && hasFailed.compareAndSet(false, true)) {
            Database.LOG.warn(
                    "a pooler between this process and {} gives each transaction another connection of the server: from now"
                            + " on statements are not prepared there. Write prepareThreshold=0 in the URL",
                    database);
            whenFailed.run();
        }
    }

    boolean haveFailed() {
        return hasFailed.get();
    }
}
