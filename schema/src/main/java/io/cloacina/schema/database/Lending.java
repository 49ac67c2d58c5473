package io.cloacina.schema.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The time during which code of the application has the connection of a transaction. Thread safe. */
final class Lending {
    private final Set<Statement> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isOver;

    boolean isOver() {
        return isOver;
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
