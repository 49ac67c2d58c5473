package io.cloacina.schema.database;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * SQLite: one writer, because the database has one, and a few readers that cannot write. A database in memory is one
 * connection, which is lent for both.
 */
final class SqliteSessions implements Sessions {
    private final SqliteOpener opener;
    private final ErrorClassifier errors;
    private final boolean oneConnection;
    private final String file;
    // No lock: who cuts a transaction off gives on what another thread took.
    private final Semaphore writing = new Semaphore(1, true);
    private final Semaphore reading;
    private final Deque<Session> idleReaders = new ArrayDeque<>();
    private final List<Session> allReaders = new CopyOnWriteArrayList<>();
    private volatile Session writer;
    private volatile boolean isCutOff;

    SqliteSessions(SqliteOpener opener, Supplier<Schema> schema, String name, boolean oneConnection, int readers) {
        this.opener = opener;
        this.errors = new SqliteErrors(schema, name);
        this.oneConnection = oneConnection;
        this.reading = new Semaphore(readers, true);
        this.writer = open(true);
        this.file = fileOf(writer);
    }

    @Override
    public Backend backend() {
        return Backend.SQLITE;
    }

    @Override
    public Session writer() {
        writing.acquireUninterruptibly();
        try {
            requireOpen();
            // A database in memory would be gone with its connection.
            if (writer.isBroken() && !oneConnection) {
                writer.close();
                writer = open(true);
                requireOpen();
            }
            return writer;
        } catch (RuntimeException e) {
            writing.release();
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
            Session idle;
            synchronized (idleReaders) {
                idle = idleReaders.poll();
            }
            if (idle != null) {
                return idle;
            }
            requireOpen();
            Session opened = open(false);
            allReaders.add(opened);
            requireOpen();
            return opened;
        } catch (RuntimeException e) {
            reading.release();
            throw e;
        }
    }

    @Override
    public void giveBack(Session lent) {
        SqliteSession session = (SqliteSession) lent;
        boolean isOurs = session.comesBack();
        if (session.isForWriting()) {
            if (isOurs) {
                writing.release();
            }
            return;
        }
        if (session.isBroken()) {
            allReaders.remove(session);
            session.close();
        } else {
            synchronized (idleReaders) {
                idleReaders.push(session);
            }
        }
        if (isOurs) {
            reading.release();
        }
    }

    /** The setting cannot be changed inside a transaction, and a rebuild drops tables that others refer to. */
    @Override
    public void beginAlteration(Session session) {
        try {
            Pragma.set(session.connection(), "foreign_keys", false);
            session.beginWrite();
        } catch (SQLException e) {
            enforceForeignKeys(session);
            throw session.failed(e, "beginning to change the schema");
        }
    }

    @Override
    public void commitAlteration(Session session) {
        try {
            requireNoBrokenReference(session.connection());
            session.commit();
        } catch (SQLException e) {
            throw session.failed(e, "committing a change of the schema");
        }
        enforceForeignKeys(session);
    }

    @Override
    public void rollbackAlteration(Session session) {
        session.rollbackOrBreak();
        enforceForeignKeys(session);
    }

    @Override
    public Session join(Connection connection) {
        try {
            String theirs = Pragma.file(connection);
            if (file.isEmpty() || !file.equals(theirs)) {
                throw new DatabaseException(
                        ErrorKind.STATEMENT,
                        "the connection is of " + (theirs.isEmpty() ? "a database in memory" : theirs)
                                + ", but this database is " + (file.isEmpty() ? "in memory" : file)
                                + ": only a connection to the same file can be joined",
                        null);
            }
            return new JoinedSession(connection, Backend.SQLITE, errors);
        } catch (SQLException e) {
            throw errors.classify(e, "joining a transaction");
        }
    }

    /** The next writer gets another connection. */
    @Override
    public void cutOff(Session session, ReadTransaction transaction) {
        if (!oneConnection && session.cutOff(transaction)) {
            session.tearDown();
            (((SqliteSession) session).isForWriting() ? writing : reading).release();
        }
    }

    @Override
    public void cutOffAll() {
        isCutOff = true;
        allReaders.forEach(Session::tearDown);
        writer.tearDown();
    }

    @Override
    public Hints.@Nullable Ear ear() {
        return oneConnection ? null : new SqliteEar(opener);
    }

    @Override
    public void close() {
        // Readers first: the last connection to close is the one that may fold the log into the file.
        synchronized (idleReaders) {
            idleReaders.forEach(Session::close);
            idleReaders.clear();
        }
        writer.close();
    }

    /** Inside a transaction the setting silently stays as it is: a connection without foreign keys must not be used again. */
    private static void enforceForeignKeys(Session session) {
        try {
            Pragma.set(session.connection(), "foreign_keys", true);
            if (Pragma.isOn(session.connection(), "foreign_keys")) {
                return;
            }
        } catch (SQLException e) {
            Database.LOG.debug("switching foreign keys on again failed", e);
        }
        session.setBroken();
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

    private String fileOf(Session session) {
        try {
            return Pragma.file(session.connection());
        } catch (SQLException e) {
            session.close();
            throw errors.classify(e, "opening the database");
        }
    }

    /** Asked before and after a connection is opened: either it is refused here, or whoever cuts all off sees it. */
    private void requireOpen() {
        if (isCutOff) {
            throw Sessions.closed();
        }
    }

    private Session open(boolean forWriting) {
        try {
            SqliteOpener.Opened opened = opener.open(forWriting);
            try {
                return new SqliteSession(opened, errors);
            } catch (SQLException e) {
                opened.close();
                throw e;
            }
        } catch (SQLException e) {
            throw errors.classify(e, "opening the database");
        }
    }
}
