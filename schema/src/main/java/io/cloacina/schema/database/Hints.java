package io.cloacina.schema.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to notifications of commits, in a thread of its own, until it is closed. A broken connection
 * is reopened, and one empty hint stands for everything that was missed. Created by {@link Database#hear}. Thread safe.
 */
public final class Hints implements AutoCloseable {
    private static final long REOPEN_MILLIS = 1_000;

    private final Consumer<String> hint;
    private final Consumer<Hints> whenClosed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final @Nullable Thread thread;
    private volatile @Nullable Line open;

    private Hints(@Nullable Ear ear, Consumer<String> hint, Consumer<Hints> whenClosed) {
        this.hint = hint;
        this.whenClosed = whenClosed;
        this.thread = ear == null ? null : new Thread(() -> hearUntilClosed(ear), "cloacina-hints");
    }

    /** How a backend notifies of commits. */
    interface Ear {
        /**
         * Takes a connection on which changes are noticed from now on; null if connections of this kind do not notify.
         */
        @Nullable
        Line open() throws SQLException;
    }

    /** A connection on which changes are noticed. Used by one thread, except {@link #hurry}. */
    interface Line extends AutoCloseable {
        /** Waits a while for changes, and passes them on as hints. */
        void hear(Consumer<String> hint) throws SQLException, InterruptedException;

        /** Whether a hint has the text that was sent; otherwise it means only that something has changed. */
        boolean tellsWhat();

        /** Ends a long wait; called by another thread when no more hints are wanted. */
        void hurry();

        /** Restores the connection and gives it back. */
        @Override
        void close() throws SQLException;
    }

    /** Starts listening; {@code whenClosed} is called after {@link #close}. Without an ear, nothing is heard. */
    static Hints by(@Nullable Ear ear, Consumer<String> hint, Consumer<Hints> whenClosed) {
        Hints made = new Hints(ear, hint, whenClosed);
        if (made.thread != null) {
            made.thread.setDaemon(true);
            made.thread.start();
        }
        return made;
    }

    /**
     * Whether hints arrive now with the text that was sent: not while the connection is being opened, not through a
     * pooler that shares connections, and not on SQLite, where only the fact of a change is noticed.
     */
    public boolean tellsWhat() {
        Line line = open;
        return line != null && line.tellsWhat();
    }

    /**
     * Stops listening: waits for a hint that is being handled, unless called by its handler, and releases the
     * connection. Does nothing if it is closed.
     */
    @Override
    public void close() {
        hurry();
        if (thread != null && thread != Thread.currentThread()) {
            Interrupts.waitFor(0, left -> thread.join());
        }
        whenClosed.accept(this);
    }

    /** As {@link #close()}, but waits at most this long. */
    public void closeWithin(Duration atMost) {
        hurry();
        if (thread != null && thread != Thread.currentThread() && !Interrupts.join(thread, atMost.toNanos())) {
            Database.LOG.warn("thread {} does not stop to listen for notifications and is abandoned", thread.getName());
        }
        whenClosed.accept(this);
    }

    private void hurry() {
        closing.countDown();
        // Either the thread sees that closing began before it waits, or this thread sees its connection.
        Line waiting = open;
        if (waiting != null) {
            waiting.hurry();
        }
    }

    private void hearUntilClosed(Ear ear) {
        try {
            boolean told = true;
            while (told && isOpen()) {
                told = hearWithOneConnection(ear);
                closing.await(told ? REOPEN_MILLIS : 0, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Database.LOG.debug("listening for notifications was interrupted", e);
        }
    }

    /** Listens on one connection until it fails or closing begins; returns whether to open another one. */
    private boolean hearWithOneConnection(Ear ear) throws InterruptedException {
        try (Line line = ear.open()) {
            if (line == null) {
                Database.LOG.info(
                        "this database sends no notifications (LISTEN), or not through its pooler or data source: the"
                                + " changes of other processes are found by polling, at each pollInterval");
                return false;
            }
            open = line;
            follow("");
            while (isOpen()) {
                line.hear(this::follow);
            }
        } catch (SQLException | RuntimeException e) { // the edge of a thread: a data source may throw anything
            if (isOpen()) {
                Database.LOG.debug(
                        "listening for notifications failed and is restarted; meanwhile polling finds the changes", e);
            }
        } finally {
            open = null;
        }
        return true;
    }

    private void follow(String text) {
        if (isOpen()) {
            try {
                hint.accept(text);
            } catch (RuntimeException e) { // the edge of a thread: a handler may throw anything
                Database.LOG.warn("a notification could not be handled; the next ones are received", e);
            }
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }
}
