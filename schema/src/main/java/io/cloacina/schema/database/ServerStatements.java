package io.cloacina.schema.database;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the driver may prepare statements on the server, under names of its own. Behind a pooler that gives each
 * transaction another connection of the server it must not: the name is unknown there, or, worse, it is the name of
 * another statement. Which way a pooler works cannot be asked of it, so any pooler is taken to be of that kind. Thread
 * safe.
 */
final class ServerStatements {
    private final String database;
    private final boolean isChosen;
    private final Runnable whenFailed;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    /**
     * @param isChosen whether the URL says it; then it is so, unless that is seen to be wrong
     * @param whenFailed lets new connections begin without
     */
    ServerStatements(String database, boolean isChosen, Runnable whenFailed) {
        this.database = database;
        this.isChosen = isChosen;
        this.whenFailed = whenFailed;
    }

    /** For a new connection. */
    boolean areUsed(boolean isPooled) {
        return !hasFailed.get() && (!isPooled || isChosen);
    }

    /** Looks whether an error says that a prepared statement was not on the server, or another one was. */
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
