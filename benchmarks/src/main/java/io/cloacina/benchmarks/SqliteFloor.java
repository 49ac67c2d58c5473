package io.cloacina.benchmarks;

import io.cloacina.benchmarks.Catalog.NewTask;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Transactions by prepared statements: the driver's own would prepare a text each time. */
final class SqliteFloor extends FloorOperations {
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;

    SqliteFloor(Connection connection, Connection reading) throws SQLException {
        super(connection, reading, Backend.SQLITE);
        this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
        this.commit = connection.prepareStatement("COMMIT");
        this.rollback = connection.prepareStatement("ROLLBACK");
    }

    @Override
    void begin() throws SQLException {
        begin.executeUpdate();
    }

    @Override
    void commit() throws SQLException {
        commit.executeUpdate();
    }

    @Override
    void rollback() throws SQLException {
        rollback.executeUpdate();
    }

    /** One by one, which is faster than the driver's batch: that copies every value first. */
    @Override
    int runBatch(PreparedStatement insert, List<NewTask> tasks) throws SQLException {
        int inserted = 0;
        for (NewTask task : tasks) {
            bind(insert, task);
            inserted += insert.executeUpdate();
        }
        return inserted;
    }
}
