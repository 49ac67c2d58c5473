package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.Place;
import io.cloacina.benchmarks.engine.FloorStep.Form;
import io.cloacina.schema.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A floor: rows of a straightforward engine, written by hand with JDBC. It decides nothing and reads nothing, runs no body and
 * waits for nobody.
 */
final class FloorLoad implements Load {
    /** As few as saturate two cores. */
    private static final int CONNECTIONS_OF_SETS = 2;

    private static final int CONNECTIONS_OF_BATCHES = 8;

    private final Shape shape;
    private final List<FloorWriter> writers = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * @param url of a migrated database
     * @param form of the statements; SQLite has one only
     */
    FloorLoad(Shape shape, String url, Form form) throws SQLException {
        this.shape = shape;
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        int connections = switch (form) {
            case LOOP -> 1;
            case SET -> CONNECTIONS_OF_SETS;
            case BATCH -> CONNECTIONS_OF_BATCHES;
        };
        for (int i = 0; i < connections; i++) {
            writers.add(new FloorWriter(connect(parsed), form, shape));
        }
        this.threads = Executors.newFixedThreadPool(connections);
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        if (url instanceof DatabaseUrl.Postgres postgres) {
            return Place.connect(postgres, Map.of("reWriteBatchedInserts", "true"));
        }
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "FULL");
        properties.setProperty("foreign_keys", "true");
        properties.setProperty("transaction_mode", "IMMEDIATE");
        properties.setProperty("busy_timeout", "10000");
        return DriverManager.getConnection("jdbc:sqlite:" + ((DatabaseUrl.Sqlite) url).file(), properties);
    }

    @Override
    public double seconds(int executions) throws SQLException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long begin = System.nanoTime();
        List<Future<?>> working = new ArrayList<>();
        for (FloorWriter writer : writers) {
            working.add(threads.submit(() -> {
                int group = shape.group();
                for (int from = next.getAndAdd(group); from < executions; from = next.getAndAdd(group)) {
                    writer.run(Math.min(group, executions - from));
                }
                return null;
            }));
        }
        for (Future<?> each : working) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new SQLException("the floor failed: " + e.getMessage(), e);
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() throws SQLException {
        threads.shutdownNow();
        for (FloorWriter writer : writers) {
            writer.close();
        }
    }
}
