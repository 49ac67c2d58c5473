package io.cloacina.schema.database;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to SQLite: one for writing, because the database allows one writer, and a few that only read. A database in
 * memory has one connection, which is lent for both.
 */
final class SqliteSessions implements Sessions {
    private final SqliteOpener opener;
    private final ErrorClassifier errors;
    private final boolean oneConnection;
    private final String file;
    private final @Nullable SqliteIdentity identity;
    // A semaphore, not a lock, because a thread that cuts a transaction off releases what another thread acquired.
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
        SqliteOpener.Opened first = connect(true);
        this.file = fileOf(first);
        this.identity = oneConnection || file.isEmpty() ? null : identity(opener, file);
        this.writer = session(first);
    }

    /** Creates the sessions for a URL. */
    static SqliteSessions of(DatabaseUrl.Sqlite url, Supplier<Schema> schema) {
        Drivers.requireSqlite();
        return new SqliteSessions(SqliteOpener.of(url), schema, url.toString(), url.isMemory(), url.readers());
    }

    private static SqliteIdentity identity(SqliteOpener opener, String file) {
        Path opened = Path.of(file);
        Path named = opener.file();
        return new SqliteIdentity(named == null ? opened : named, opened);
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
            requireNowAndThen();
            // A database in memory would be lost with its connection.
            if (writer.isBroken() && !oneConnection) {
                require();
                writer.close();
                writer = session(connect(true));
                requireOpen();
            }
            return writer;
        } catch (RuntimeException e) {
            writing.release();
            throw e;
        }
    }

    @Override
    public Session apart() {
        return writer();
    }

    @Override
    public OptionalInt connections() {
        return OptionalInt.empty();
    }

    @Override
    public Session reader() {
        if (oneConnection) {
            return writer();
        }
        reading.acquireUninterruptibly();
        try {
            requireNowAndThen();
            Session idle;
            synchronized (idleReaders) {
                idle = idleReaders.poll();
            }
            if (idle != null) {
                return idle;
            }
            requireOpen();
            require();
            Session opened = session(connect(false));
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
                forgetLogOf(session);
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

    /**
     * Foreign keys are switched off before the transaction, because that cannot be done inside, and rebuilding drops tables
     * that other tables refer to.
     */
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
    public DatabaseException classify(SQLException e, String doing) {
        return errors.classify(e, doing);
    }

    @Override
    public Session join(Connection connection) {
        require();
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
            forgetLogOf(session);
            session.tearDown();
            (((SqliteSession) session).isForWriting() ? writing : reading).release();
        }
    }

    /** Forgets the log of a broken writer, because it was deleted if that was the last connection. */
    private void forgetLogOf(Session session) {
        if (session.isBroken() && identity != null) {
            identity.forgetLog();
        }
    }

    @Override
    public void cutOffAll() {
        isCutOff = true;
        if (identity != null) {
            identity.forgetLog();
        }
        allReaders.forEach(Session::tearDown);
        writer.tearDown();
    }

    /** A file has one writer, whichever {@code Database} opened it. */
    @Override
    public boolean waitFor(Sessions others) {
        return others != this && !file.isEmpty() && others instanceof SqliteSessions sqlite && sqlite.file.equals(file);
    }

    @Override
    public Subscription.@Nullable Listener listener() {
        return identity == null ? null : new SqliteListener(opener, identity);
    }

    @Override
    public void close() {
        if (identity != null && identity.isMissing()) {
            // The last connection to close deletes the log by its name, and by now that name may belong to another
            // database.
            Database.LOG.warn(
                    "connections to {} are left open until this process ends, because its file was moved", file);
            return;
        }
        // Readers first: the last connection to close copies the log into the file.
        synchronized (idleReaders) {
            idleReaders.forEach(Session::close);
            idleReaders.clear();
        }
        writer.close();
    }

    /**
     * Enforces foreign keys again. Inside a transaction the setting has silently no effect: a connection without foreign keys
     * must not be used again.
     */
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
                                + " that do not exist; nothing was changed",
                        null);
            }
        }
    }

    /** Checks the file before it is opened, because opening a missing file would create an empty one. */
    private void require() {
        if (identity != null) {
            identity.require();
        }
    }

    private void requireNowAndThen() {
        if (identity != null) {
            identity.requireNowAndThen();
        }
    }

    private String fileOf(SqliteOpener.Opened opened) {
        try {
            return Pragma.file(opened.connection());
        } catch (SQLException e) {
            close(opened);
            throw errors.classify(e, "opening the database");
        }
    }

    /**
     * Called before and after a connection is opened: so either it is refused here, or the thread that cuts off all connections
     * finds it.
     */
    private void requireOpen() {
        if (isCutOff) {
            throw Sessions.closed();
        }
    }

    private SqliteOpener.Opened connect(boolean forWriting) {
        try {
            return opener.open(forWriting);
        } catch (SQLException e) {
            throw errors.classify(e, "opening the database");
        }
    }

    private Session session(SqliteOpener.Opened opened) {
        try {
            return new SqliteSession(opened, errors, opened.forWriting() ? identity : null);
        } catch (SQLException e) {
            close(opened);
            throw errors.classify(e, "opening the database");
        }
    }

    private static void close(SqliteOpener.Opened opened) {
        try {
            opened.close();
        } catch (SQLException e) {
            Database.LOG.debug("closing a connection failed", e);
        }
    }
}
