package io.cloacina.schema.database;

import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** A connection to SQLite. Transactions are begun by statement: the driver would prepare its own text for each. */
final class SqliteSession extends Session {
    private final PreparedStatement beginWrite;
    private final PreparedStatement beginRead;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;

    SqliteSession(Connection connection, ErrorClassifier errors) throws SQLException {
        super(connection, Dialect.of(Backend.SQLITE), errors);
        // A deferred transaction that reads first and then writes fails at once when another process wrote in between.
        this.beginWrite = connection.prepareStatement("BEGIN IMMEDIATE");
        this.beginRead = connection.prepareStatement("BEGIN");
        this.commit = connection.prepareStatement("COMMIT");
        this.rollback = connection.prepareStatement("ROLLBACK");
    }

    @Override
    void beginWrite() throws SQLException {
        beginWrite.executeUpdate();
    }

    @Override
    void beginRead() throws SQLException {
        beginRead.executeUpdate();
    }

    @Override
    void commit() throws SQLException {
        commit.executeUpdate();
    }

    @Override
    void rollback() throws SQLException {
        rollback.executeUpdate();
    }

    /** One by one: there is no round trip to save, and the driver's batch would keep a copy of every value. */
    @Override
    <P> int[] batch(PreparedStatement statement, Composed<P, ?> composed, List<P> arguments) throws SQLException {
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
}
