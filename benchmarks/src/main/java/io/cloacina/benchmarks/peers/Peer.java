package io.cloacina.benchmarks.peers;

import java.sql.SQLException;

/** A library at work in this process. What it runs tells the {@link Ledger}. */
interface Peer extends AutoCloseable {
    /** Submits a job, and returns when that is durable. */
    void submit(Work work, int number) throws Exception;

    /** Submits jobs of one step together. */
    void submitAll(int first, int count) throws Exception;

    /** Submits a job of one step, and returns when the caller can know that its end is stored. */
    void submitAndAwait(int number) throws Exception;

    /** Jobs in its tables whose end is not stored. */
    long unfinished() throws SQLException;

    @Override
    void close();
}
