package io.cloacina.schema.database;

import io.cloacina.schema.internal.ArgumentChecks;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to notifications of commits, in a thread of its own, until it is closed. A broken connection
 * is reopened, and one empty notification stands for everything that was missed. Created by {@link Database#listen}.
 * Thread safe.
 */
public final class Subscription implements AutoCloseable {
    private static final long REOPEN_MILLIS = 1_000;

    private final Consumer<String> handler;
    private final Consumer<Subscription> whenClosed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final @Nullable Thread thread;
    private volatile @Nullable ListeningConnection open;

    private Subscription(@Nullable Listener listener, Consumer<String> handler, Consumer<Subscription> whenClosed) {
        this.handler = handler;
        this.whenClosed = whenClosed;
        this.thread = listener == null ? null : new Thread(() -> listenUntilClosed(listener), "cloacina-listener");
    }

    /** How a backend notifies of commits. */
    interface Listener {
        /**
         * Takes a connection on which changes are noticed from now on; null if connections of this kind do not notify.
         */
        @Nullable
        ListeningConnection open() throws SQLException;
    }

    /** A connection on which changes are noticed. Used by one thread, except {@link #hurry}. */
    interface ListeningConnection extends AutoCloseable {
        /** Waits a while for changes, and passes them on as notifications. */
        void receive(Consumer<String> handler) throws SQLException, InterruptedException;

        /** Whether a notification has the text that was sent; otherwise it means only that something has changed. */
        boolean deliversText();

        /** Ends a long wait; called by another thread when no more notifications are wanted. */
        void hurry();

        /** Restores the connection and gives it back. */
        @Override
        void close() throws SQLException;
    }

    /** Starts listening; {@code whenClosed} is called after {@link #close}. Without a listener, nothing is received. */
    static Subscription by(@Nullable Listener listener, Consumer<String> handler, Consumer<Subscription> whenClosed) {
        Subscription made = new Subscription(listener, handler, whenClosed);
        if (made.thread != null) {
            made.thread.setDaemon(true);
            made.thread.start();
        }
        return made;
    }

    /**
     * Whether notifications arrive now with the text that was sent: not while the connection is being opened, not
     * through a pooler that shares connections, and not on SQLite, where only the fact of a change is noticed.
     */
    public boolean deliversText() {
        ListeningConnection connection = open;
        return connection != null && connection.deliversText();
    }

    /**
     * Stops listening: waits for a notification that is being handled, unless called by its handler, and releases the
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
        ArgumentChecks.given("the time", atMost);
        hurry();
        if (thread != null && thread != Thread.currentThread() && !Interrupts.join(thread, atMost.toNanos())) {
            Database.LOG.warn("thread {} does not stop to listen for notifications and is abandoned", thread.getName());
        }
        whenClosed.accept(this);
    }

    private void hurry() {
        closing.countDown();
        // Either the thread sees that closing began before it waits, or this thread sees its connection.
        ListeningConnection waiting = open;
        if (waiting != null) {
            waiting.hurry();
        }
    }

    private void listenUntilClosed(Listener listener) {
        try {
            boolean again = true;
            while (again && isOpen()) {
                again = listenOnOneConnection(listener);
                closing.await(again ? REOPEN_MILLIS : 0, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Database.LOG.debug("listening for notifications was interrupted", e);
        }
    }

    /** Listens on one connection until it fails or closing begins; returns whether to open another one. */
    private boolean listenOnOneConnection(Listener listener) throws InterruptedException {
        try (ListeningConnection connection = listener.open()) {
            if (connection == null) {
                Database.LOG.info(
                        "this database sends no notifications (LISTEN), or not through its pooler or data source: the"
                                + " changes of other processes are found by polling, at each pollInterval");
                return false;
            }
            open = connection;
            handle("");
            while (isOpen()) {
                connection.receive(this::handle);
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

    private void handle(String text) {
        if (isOpen()) {
            try {
                handler.accept(text);
            } catch (RuntimeException e) { // the edge of a thread: a handler may throw anything
                Database.LOG.warn("a notification could not be handled; the next ones are received", e);
            }
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }
}
