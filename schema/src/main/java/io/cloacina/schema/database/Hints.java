package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears what other connections commit, in a thread of its own, until it is closed. A connection that breaks is opened again;
 * what was missed meanwhile is made up for by one empty hint. Made by {@link Database#hear}.
 */
public final class Hints implements AutoCloseable {
    private static final long REOPEN_MILLIS = 1_000;

    private final Ear ear;
    private final Consumer<String> hint;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final @Nullable Thread thread;
    private volatile @Nullable Connection open;

    private Hints(@Nullable Ear ear, Consumer<String> hint) {
        this.ear = ear == null ? Ear.DEAF : ear;
        this.hint = hint;
        this.thread = ear == null ? null : new Thread(this::hearUntilClosed, "cloacina-hints");
    }

    /** How a backend tells of changes. */
    interface Ear {
        Ear DEAF = new Ear() {
            @Override
            public Connection open() throws SQLException {
                throw new SQLException("nothing to hear");
            }

            @Override
            public void hear(Connection connection, Consumer<String> hint) {}
        };

        /** Opens a connection that is told of changes from now on. */
        Connection open() throws SQLException;

        /** Waits a while for changes and passes them on. */
        void hear(Connection connection, Consumer<String> hint) throws SQLException, InterruptedException;
    }

    static Hints by(Ear ear, Consumer<String> hint) {
        Hints made = new Hints(ear, hint);
        if (made.thread != null) {
            made.thread.setDaemon(true);
            made.thread.start();
        }
        return made;
    }

    /** Where there is nobody else to hear of. */
    static Hints none() {
        return new Hints(null, text -> {});
    }

    /** Stops hearing. */
    @Override
    public void close() {
        closing.countDown();
        if (thread == null) {
            return;
        }
        closeQuietly(open);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hearUntilClosed() {
        try {
            while (closing.getCount() > 0) {
                hearWithOneConnection();
                closing.await(REOPEN_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Database.LOG.debug("hearing of changes was interrupted", e);
        }
    }

    private void hearWithOneConnection() throws InterruptedException {
        try (Connection connection = ear.open()) {
            open = connection;
            hint.accept("");
            while (closing.getCount() > 0) {
                ear.hear(connection, hint);
            }
        } catch (SQLException e) {
            if (closing.getCount() > 0) {
                Database.LOG.debug("hearing of changes failed and begins again; polling goes on meanwhile", e);
            }
        } catch (RuntimeException e) { // the edge of a thread: whoever gets a hint may throw anything
            Database.LOG.warn("a hint could not be followed", e);
        } finally {
            open = null;
        }
    }

    private static void closeQuietly(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                Database.LOG.debug("closing a connection failed", e);
            }
        }
    }
}
