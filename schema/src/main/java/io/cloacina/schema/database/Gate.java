package io.cloacina.schema.database;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads use a database, each for one transaction at a time, until it is closed. A second transaction of the same
 * thread is refused, because on SQLite it would wait for the first one forever. Thread safe.
 */
final class Gate {
    private static final int MANY = Integer.MAX_VALUE;

    /** How long a forced close waits for the driver. */
    private static final long CUT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A transaction inside a transaction of another database is rare; deeper nesting than this is not checked. */
    private static final int MAX_DEPTH = 4;

    // The connections of the databases in which this thread is writing, outermost first, then nulls. It is an array of
    // a class of the JDK that stays with the thread: setting and removing a value would allocate each time, and a class
    // of this project would keep its class loader.
    private static final ThreadLocal<@Nullable Object[]> WRITERS = ThreadLocal.withInitial(() -> new Object[MAX_DEPTH]);

    private final Sessions sessions;
    private final String database;
    // An array for the same reason: whether this thread is inside, and whether it was interrupted before.
    private final ThreadLocal<boolean[]> inside = ThreadLocal.withInitial(() -> new boolean[2]);
    // One permit for each transaction; closing takes all of them.
    private final Semaphore underWay = new Semaphore(MANY);
    private final Map<Use, String> users = new LinkedHashMap<>();
    private volatile boolean closing;
    private boolean closed;

    Gate(Sessions sessions, String database) {
        this.sessions = sessions;
        this.database = database;
    }

    /** What a thread enters for. */
    enum Purpose {
        READING,
        WRITING,
        /** Writing with a connection on which the application has begun a transaction. */
        JOINING
    }

    /**
     * Lets this thread in. An earlier interrupt is put off until it leaves, because drivers and pools take it for a
     * failure.
     *
     * @throws DatabaseException if it is inside already, would wait for itself, or the database is closed
     */
    void enter(Purpose purpose) {
        boolean[] inThis = inside.get();
        if (inThis[0]) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "this thread is already in a transaction of " + database
                            + "; use that transaction instead of a second one (if you only have its connection:"
                            + " WriteTransaction.of(connection))",
                    null);
        }
        requireOpen();
        if (purpose == Purpose.WRITING && waitsForThisThread()) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "this thread is already in a write transaction of the same file, by another Database, which "
                            + database
                            + " would wait for: use that transaction, or open the file once and share the Database",
                    null);
        }
        underWay.acquireUninterruptibly();
        try {
            requireOpen();
            inThis[0] = true;
            inThis[1] = Thread.interrupted();
        } catch (DatabaseException e) {
            underWay.release();
            throw e;
        }
        if (purpose != Purpose.READING) {
            note(sessions);
        }
    }

    void leave(Purpose purpose) {
        if (purpose != Purpose.READING) {
            forget();
        }
        boolean[] inThis = inside.get();
        inThis[0] = false;
        underWay.release();
        if (inThis[1]) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this thread has a transaction that another thread's write to this database may wait for. */
    boolean isHeldByThisThread() {
        return inside.get()[0] || waitsForThisThread();
    }

    void requireOpen() {
        if (closing) {
            throw new DatabaseException(ErrorKind.CLOSED, database + " was closed", null);
        }
    }

    /** Registers a part of the program that needs the database open. */
    synchronized Use use(String by) {
        requireOpen();
        Use use = new Use() {
            @Override
            public void close() {
                end(this);
            }
        };
        users.put(use, by);
        return use;
    }

    private synchronized void end(Use use) {
        users.remove(use);
    }

    /** Lets no thread in from now on. */
    synchronized void shut() {
        if (inside.get()[0]) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "this thread is in a transaction of " + database + "; close it afterwards",
                    null);
        }
        if (!users.isEmpty()) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    database + " cannot be closed while these use it: " + String.join(", ", users.values())
                            + "; close them first",
                    null);
        }
        closing = true;
    }

    /** Waits until all threads have left, then runs the work, if it has not been run before. */
    void whenEmpty(Runnable work) {
        underWay.acquireUninterruptibly(MANY);
        try {
            if (!closed) {
                closed = true;
                work.run();
            }
        } finally {
            underWay.release(MANY);
        }
    }

    /**
     * As {@link #whenEmpty}, but only until then: afterwards the connections of threads that are still inside are
     * closed.
     *
     * @param until as of {@link System#nanoTime}
     * @return whether all threads have left and the work is done, at most shortly after {@code until}
     */
    boolean emptyWithin(long until, Runnable work) {
        Thread ending = daemon("cloacina-close-database", () -> whenEmpty(work));
        if (Interrupts.join(ending, until - System.nanoTime())) {
            return true;
        }
        Database.LOG.warn("operations on {} do not end; their connections are closed", database);
        long cut = System.nanoTime() + CUT_NANOS;
        Interrupts.join(daemon("cloacina-cut-database", sessions::cutOffAll), CUT_NANOS);
        return Interrupts.join(ending, cut - System.nanoTime());
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private boolean waitsForThisThread() {
        for (Object held : WRITERS.get()) {
            if (held instanceof Sessions others && sessions.waitFor(others)) {
                return true;
            }
        }
        return false;
    }

    private static void note(Sessions writer) {
        @Nullable Object[] held = WRITERS.get();
        for (int depth = 0; depth < held.length; depth++) {
            if (held[depth] == null) {
                held[depth] = writer;
                return;
            }
        }
    }

    private void forget() {
        @Nullable Object[] held = WRITERS.get();
        for (int depth = held.length - 1; depth >= 0; depth--) {
            if (held[depth] == sessions) {
                held[depth] = null;
                return;
            }
        }
    }
}
