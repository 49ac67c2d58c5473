package io.cloacina.schema.database;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * SQLite: one writer, because the database has one, and a few readers that cannot write. A database in memory is one
 * connection, which is lent for both.
 */
final class SqliteSessions implements Sessions {
    /** Where connections come from: a URL or a given data source. */
    interface Opener {
        Connection open(boolean forWriting) throws SQLException;
    }

    private final Opener opener;
    private final ErrorClassifier errors;
    private final boolean oneConnection;
    private final int readerCount;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Semaphore reading;
    private final Deque<SqliteSession> idleReaders = new ArrayDeque<>();
    private SqliteSession writer;
    private volatile boolean closed;

    SqliteSessions(Opener opener, Schema schema, String name, boolean oneConnection, int readers) {
        this.opener = opener;
        this.errors = new SqliteErrors(schema, name);
        this.oneConnection = oneConnection;
        this.readerCount = readers;
        this.reading = new Semaphore(readers, true);
        this.writer = open(true);
    }

    @Override
    public Backend backend() {
        return Backend.SQLITE;
    }

    @Override
    public Session writer() {
        writing.lock();
        if (closed) {
            writing.unlock();
            throw Database.closed();
        }
        try {
            if (writer.isBroken()) {
                writer.close();
                writer = open(true);
            }
            return writer;
        } catch (RuntimeException e) {
            writing.unlock();
            throw e;
        }
    }

    @Override
    public Session reader() {
        if (oneConnection) {
            return writer();
        }
        reading.acquireUninterruptibly();
        try {
            if (closed) {
                throw Database.closed();
            }
            SqliteSession idle;
            synchronized (idleReaders) {
                idle = idleReaders.poll();
            }
            return idle != null ? idle : open(false);
        } catch (RuntimeException e) {
            reading.release();
            throw e;
        }
    }

    @Override
    public void giveBack(Session session) {
        if (writing.isHeldByCurrentThread() && session == writer) {
            writing.unlock();
            return;
        }
        if (session.isBroken()) {
            session.close();
        } else {
            synchronized (idleReaders) {
                idleReaders.push((SqliteSession) session);
            }
        }
        reading.release();
    }

    /** The setting cannot be changed inside a transaction, and a rebuild drops tables that others refer to. */
    @Override
    public void beginAlteration(Session session) {
        try {
            run(session.connection(), "PRAGMA foreign_keys = OFF");
            try {
                session.beginWrite();
            } catch (SQLException e) {
                run(session.connection(), "PRAGMA foreign_keys = ON");
                throw e;
            }
        } catch (SQLException e) {
            throw session.failed(e, "beginning to change the schema");
        }
    }

    @Override
    public void endAlteration(Session session, boolean commit) {
        try {
            try {
                if (commit) {
                    requireNoBrokenReference(session.connection());
                    session.commit();
                } else {
                    session.rollback();
                }
            } finally {
                // Does nothing while the transaction goes on: a refused commit is followed by a rollback, and that by
                // this.
                run(session.connection(), "PRAGMA foreign_keys = ON");
            }
        } catch (SQLException e) {
            throw session.failed(e, "ending a change of the schema");
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            // Readers first: the last connection to close is the one that may fold the log into the file.
            reading.acquireUninterruptibly(readerCount);
            synchronized (idleReaders) {
                idleReaders.forEach(SqliteSession::close);
                idleReaders.clear();
            }
            writer.close();
            reading.release(readerCount);
        } finally {
            writing.unlock();
        }
    }

    private static void requireNoBrokenReference(Connection connection) throws SQLException {
        try (Statement check = connection.createStatement();
                ResultSet broken = check.executeQuery("PRAGMA foreign_key_check")) {
            if (broken.next()) {
                throw new DatabaseException(
                        ErrorKind.FOREIGN_KEY,
                        "after the change, rows of " + broken.getString(1) + " refer to rows of " + broken.getString(3)
                                + " that are not there; nothing was changed",
                        null);
            }
        }
    }

    private SqliteSession open(boolean forWriting) {
        try {
            Connection connection = opener.open(forWriting);
            try {
                return new SqliteSession(connection, errors);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw errors.classify(e, "opening the database");
        }
    }

    static void run(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(pragma);
        }
    }
}
