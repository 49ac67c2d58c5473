package io.cloacina.schema.database;

import java.util.concurrent.Semaphore;

/**
 * What is under way on a database, transactions and single reads: lets no thread begin a second one inside its first, and who
 * closes wait for the end of all of them. Thread safe.
 */
final class UnderWay {
    private static final int MANY = Integer.MAX_VALUE;

    private final String name;
    // What it holds stays with the thread: setting and removing a value would allocate an entry each time.
    private final ThreadLocal<State> state = ThreadLocal.withInitial(State::new);
    // One permit for each; who closes takes all of them.
    private final Semaphore permits = new Semaphore(MANY);
    private volatile boolean closing;
    private boolean closed;

    /** @param name of the database, for messages */
    UnderWay(String name) {
        this.name = name;
    }

    /** Of one thread. */
    private static final class State {
        // Inside one: a second would wait for the first on SQLite, forever.
        private boolean isInside;
        private boolean wasInterrupted;
    }

    /**
     * Begins one in this thread. An interrupt that came before is put off to its end.
     *
     * @throws DatabaseException if this thread is in one, or the database is closed
     */
    void enter() {
        State here = state.get();
        if (here.isInside) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "this thread is already in a transaction of " + name
                            + "; use that transaction instead of a second one",
                    null);
        }
        requireOpen();
        permits.acquireUninterruptibly();
        try {
            requireOpen();
        } catch (DatabaseException e) {
            permits.release();
            throw e;
        }
        here.isInside = true;
        here.wasInterrupted = Thread.interrupted();
    }

    /** Ends that of this thread. */
    void leave() {
        State here = state.get();
        here.isInside = false;
        permits.release();
        if (here.wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws DatabaseException if the database is closed, or is being closed */
    void requireOpen() {
        if (closing) {
            throw new DatabaseException(ErrorKind.CLOSED, name + " was closed", null);
        }
    }

    /**
     * From now on none begins.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} inside one of this thread, which it would wait for
     */
    void refuse() {
        if (state.get().isInside) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT, "this thread is in a transaction of " + name + "; close it afterwards", null);
        }
        closing = true;
    }

    /** After {@link #refuse}: waits for the end of the last one, then does this, once. */
    void whenOver(Runnable end) {
        permits.acquireUninterruptibly(MANY);
        try {
            if (!closed) {
                closed = true;
                end.run();
            }
        } finally {
            permits.release(MANY);
        }
    }
}
