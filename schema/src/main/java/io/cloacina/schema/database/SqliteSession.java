package io.cloacina.schema.database;

import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.Backend;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection to SQLite. Transactions are begun by statement: the driver would prepare its own text for each. */
final class SqliteSession extends Session {
    private final SqliteOpener.Opened opened;
    private final PreparedStatement beginWrite;
    private final PreparedStatement beginRead;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final @Nullable SqliteIdentity identity;
    private boolean queryOnlyForNow;
    private boolean writes;

    /** @param identity of the file that it writes; null for one that only reads, or in memory */
    SqliteSession(SqliteOpener.Opened opened, ErrorClassifier errors, @Nullable SqliteIdentity identity)
            throws SQLException {
        super(opened.connection(), Dialect.of(Backend.SQLITE), errors);
        this.opened = opened;
        this.identity = identity;
        // A deferred transaction that reads first and then writes fails at once when another process wrote in between.
        this.beginWrite = connection().prepareStatement("BEGIN IMMEDIATE");
        this.beginRead = connection().prepareStatement("BEGIN");
        this.commit = connection().prepareStatement("COMMIT");
        this.rollback = connection().prepareStatement("ROLLBACK");
    }

    @Override
    void beginWrite() throws SQLException {
        beginWrite.executeUpdate();
        writes = true;
        if (identity != null) {
            identity.inTransaction();
        }
    }

    @Override
    void beginRead() throws SQLException {
        if (opened.forWriting()) {
            Pragma.set(connection(), "query_only", true);
            queryOnlyForNow = true;
        }
        beginRead.executeUpdate();
    }

    @Override
    void commit() throws SQLException {
        // A connection that is closed commits nothing, and SQLite has removed the log with it.
        if (writes && identity != null && !connection().isClosed()) {
            identity.require();
        }
        commit.executeUpdate();
        ended();
    }

    @Override
    void rollback() throws SQLException {
        try {
            rollback.executeUpdate();
        } catch (SQLException e) {
            // After some errors, such as a full disk, SQLite has rolled back by itself.
            if (!ErrorClassifier.firstLine(e).contains("no transaction is active")) {
                throw e;
            }
        }
        ended();
    }

    @Override
    void giveUp() throws SQLException {
        for (PreparedStatement own : List.of(beginWrite, beginRead, commit, rollback)) {
            own.close();
        }
        opened.close();
    }

    @Override
    <P> int[] batch(PreparedStatement statement, Composed<P, ?> composed, List<P> arguments) throws SQLException {
        return eachOf(statement, composed, arguments);
    }

    @Override
    <P, R> List<Optional<R>> tellingBatch(Statement<P, R> statement, List<P> arguments) {
        return oneByOne(statement, arguments);
    }

    /** One by one: there is no round trip to save, and the driver's batch would keep a copy of every value. */
    static <P> int[] eachOf(PreparedStatement statement, Composed<P, ?> composed, List<P> arguments)
            throws SQLException {
        int[] counts = new int[arguments.size()];
        for (int member = 0; member < counts.length; member++) {
            composed.bind(statement, arguments.get(member));
            try {
                counts[member] = statement.executeUpdate();
            } catch (SQLException e) {
                throw new MemberFailure(e, member);
            }
        }
        return counts;
    }

    private void ended() throws SQLException {
        writes = false;
        if (queryOnlyForNow) {
            Pragma.set(connection(), "query_only", false);
            queryOnlyForNow = false;
        }
    }
}
