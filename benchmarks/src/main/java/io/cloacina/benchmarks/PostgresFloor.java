package io.cloacina.benchmarks;

import io.cloacina.benchmarks.Catalog.NewTask;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** One connection without a pool; the driver's batch, which needs one round trip. */
final class PostgresFloor extends FloorOperations {
    PostgresFloor(Connection connection) throws SQLException {
        super(connection, connection, Backend.POSTGRES);
    }

    @Override
    void begin() throws SQLException {
        connection().setAutoCommit(false);
    }

    @Override
    void commit() throws SQLException {
        connection().commit();
        connection().setAutoCommit(true);
    }

    @Override
    void rollback() throws SQLException {
        connection().rollback();
        connection().setAutoCommit(true);
    }

    @Override
    int runBatch(PreparedStatement insert, List<NewTask> tasks) throws SQLException {
        for (NewTask task : tasks) {
            bind(insert, task);
            insert.addBatch();
        }
        int inserted = 0;
        for (int count : insert.executeBatch()) {
            inserted += count == Statement.SUCCESS_NO_INFO ? 1 : count;
        }
        return inserted;
    }
}
