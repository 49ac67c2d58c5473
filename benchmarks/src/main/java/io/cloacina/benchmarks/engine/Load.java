package io.cloacina.benchmarks.engine;

import java.sql.SQLException;

/** Something that brings executions to their end. */
interface Load extends AutoCloseable {
    /** How long it takes from the first submission until all of them are finished in the database. */
    double seconds(int executions) throws SQLException, InterruptedException;

    @Override
    void close() throws SQLException;
}
