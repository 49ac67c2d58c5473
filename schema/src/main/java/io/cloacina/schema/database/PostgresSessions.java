package io.cloacina.schema.database;

import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * PostgreSQL: connections of a pool. The pool closes statements when a connection goes back to it, so statements are
 * prepared on the physical connection beneath, and kept as long as that lives.
 */
final class PostgresSessions implements Sessions {
    private final DataSource source;
    private final @Nullable HikariDataSource ownPool;
    private final OptionalInt connections;
    private final String database;
    private final ErrorClassifier errors;
    private final ServerStatements serverStatements;
    private final Map<Connection, PostgresSession> byPhysical = new ConcurrentHashMap<>();
    private final ReentrantLock keeping = new ReentrantLock(true);
    private @Nullable PostgresSession kept;
    // Those whose physical connection a data source does not show; otherwise the map has them.
    private final Set<PostgresSession> unknown = ConcurrentHashMap.newKeySet();
    // What the first of those told; asking each again would be a round trip for each transaction.
    private volatile @Nullable PostgresServer hidden;
    // Connections that have no session yet.
    private final Set<Connection> fresh = ConcurrentHashMap.newKeySet();
    private volatile boolean isCutOff;

    private PostgresSessions(
            DataSource source,
            @Nullable HikariDataSource ownPool,
            OptionalInt connections,
            String database,
            ErrorClassifier errors,
            ServerStatements serverStatements) {
        this.source = source;
        this.ownPool = ownPool;
        this.connections = connections;
        this.database = database;
        this.errors = errors;
        this.serverStatements = serverStatements;
    }

    static PostgresSessions of(DatabaseUrl.Postgres url, Supplier<Schema> schema) {
        ErrorClassifier errors = new PostgresErrors(schema, url.toString(), "raise pool_size");
        PostgresPool.Opened opened = PostgresPool.open(url, errors);
        return new PostgresSessions(
                opened.pool(),
                opened.pool(),
                OptionalInt.of(url.poolSize()),
                opened.database(),
                errors,
                opened.serverStatements());
    }

    /**
     * Of a data source of the application, which leads to the given database of its server.
     *
     * @param connections how many it gives at once beside those that are kept
     */
    static PostgresSessions of(
            DataSource source, OptionalInt connections, String database, Supplier<Schema> schema, String name) {
        ServerStatements serverStatements = new ServerStatements(name, false, () -> {});
        return new PostgresSessions(
                source,
                null,
                connections,
                database,
                new PostgresErrors(schema, name, "configure more connections in the data source"),
                serverStatements);
    }

    @Override
    public Backend backend() {
        return Backend.POSTGRES;
    }

    @Override
    public Session writer() {
        PostgresSession session = take(source);
        while (session.isOutdated()) {
            session.setBroken();
            giveBack(session);
            session = take(source);
        }
        return session;
    }

    /** Beside the pool, so that whoever uses that up cannot keep this from its work. */
    @Override
    public Session apart() {
        keeping.lock();
        try {
            if (kept != null && kept.isOutdated()) {
                kept.setBroken();
                letGo(kept, ownPool == null);
                kept = null;
            }
            if (kept == null) {
                kept = take(ownPool == null ? source : ownPool.getDataSource());
            }
            return kept;
        } catch (RuntimeException e) {
            keeping.unlock();
            throw e;
        }
    }

    @Override
    public OptionalInt connections() {
        return connections;
    }

    @Override
    public Session reader() {
        return writer();
    }

    @Override
    public void giveBack(Session lent) {
        if (kept != null && keeping.isHeldByCurrentThread() && lent == kept) {
            if (kept.isBroken()) {
                letGo(kept, ownPool == null);
                kept = null;
            }
            keeping.unlock();
        } else {
            letGo((PostgresSession) lent, true);
        }
    }

    private void letGo(PostgresSession session, boolean isOfPool) {
        session.comesBack();
        unknown.remove(session);
        try (Connection pooled = session.leave()) {
            if (session.isBroken()) {
                byPhysical.remove(session.connection());
                session.close();
                if (isOfPool) {
                    tellPool(pooled);
                }
            } else {
                if (!byPhysical.containsKey(session.connection())) {
                    session.closeStatements();
                }
                session.reset();
            }
        } catch (SQLException e) {
            Database.LOG.debug("giving back a connection failed", e);
        }
    }

    @Override
    public void beginAlteration(Session session) {
        try {
            session.beginWrite();
            try (PreparedStatement lock = session.connection().prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
                lock.setLong(1, Database.ALTERATION_LOCK);
                lock.execute();
            }
        } catch (SQLException e) {
            session.rollbackOrBreak();
            throw session.failed(e, "beginning to change the schema");
        }
    }

    @Override
    public void commitAlteration(Session session) {
        try {
            session.commit();
        } catch (SQLException e) {
            throw session.failed(e, "committing a change of the schema");
        }
    }

    @Override
    public void rollbackAlteration(Session session) {
        session.rollbackOrBreak();
    }

    @Override
    public DatabaseException classify(SQLException e, String doing) {
        return errors.classify(e, doing);
    }

    @Override
    public Session join(Connection connection) {
        try {
            String theirs = PostgresServer.ask(connection).database();
            if (!theirs.equals(database)) {
                throw new DatabaseException(
                        ErrorKind.STATEMENT,
                        "the connection is of database " + theirs + ", but this database is " + database
                                + ": only a connection to the same database can be joined",
                        null);
            }
            return new JoinedSession(connection, Backend.POSTGRES, errors);
        } catch (SQLException e) {
            throw errors.classify(e, "joining a transaction");
        }
    }

    @Override
    public void cutOff(Session session, ReadTransaction transaction) {
        if (session.cutOff(transaction)) {
            session.tearDown();
        }
    }

    @Override
    public void cutOffAll() {
        isCutOff = true;
        fresh.forEach(PostgresSessions::abort);
        unknown.forEach(Session::tearDown);
        byPhysical.values().stream().filter(PostgresSession::isLent).forEach(Session::tearDown);
    }

    @Override
    public Hints.Ear ear() {
        return ownPool == null ? new PostgresEar(source, true) : new PostgresEar(ownPool.getDataSource(), false);
    }

    @Override
    public void close() {
        if (kept != null) {
            letGo(kept, ownPool == null);
            kept = null;
        }
        if (ownPool != null) {
            ownPool.close();
        }
        byPhysical.clear();
    }

    private PostgresSession take(DataSource from) {
        try {
            Connection taken = connectionOf(from);
            try {
                PostgresSession session = sessionOf(taken);
                session.takeFrom(taken);
                // Either it is refused here, or whoever cuts all off sees it.
                if (isCutOff) {
                    throw Sessions.closed();
                }
                return session;
            } catch (SQLException | RuntimeException e) {
                taken.close();
                throw e;
            }
        } catch (SQLException e) {
            DatabaseException classified = errors.classify(e, "taking a connection");
            serverStatements.noticed(classified);
            throw classified;
        }
    }

    /** Waits as on SQLite, where an interrupt does not end the waiting; it is kept for whoever asks for it. */
    private static Connection connectionOf(DataSource from) throws SQLException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return from.getConnection();
                } catch (SQLException e) {
                    if (!(e.getCause() instanceof InterruptedException)) {
                        throw e;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private PostgresSession sessionOf(Connection pooled) throws SQLException {
        if (!pooled.isWrapperFor(PGConnection.class)) {
            PostgresServer first = hidden;
            if (first == null) {
                first = serverOf(pooled);
                hidden = first;
            }
            PostgresSession made = new PostgresSession(pooled, errors, serverStatements, null, first, false);
            unknown.add(made);
            return made;
        }
        PGConnection driver = pooled.unwrap(PGConnection.class);
        Connection physical = (Connection) driver;
        PostgresSession known = byPhysical.get(physical);
        if (known != null) {
            return known;
        }
        // A pool replaces its connections now and then and tells nobody: forget the old ones when a new one appears.
        byPhysical.keySet().removeIf(PostgresSessions::isClosed);
        // By the pool's own, which so learns of a connection that is broken.
        PostgresServer server = serverOf(pooled);
        PostgresSession made = new PostgresSession(physical, errors, serverStatements, driver, server, ownPool != null);
        byPhysical.put(physical, made);
        return made;
    }

    /** Asks the server over a connection that no session has yet. */
    private PostgresServer serverOf(Connection taken) throws SQLException {
        fresh.add(taken);
        try {
            // Either it is refused here, or whoever cuts all off sees it.
            if (isCutOff) {
                throw Sessions.closed();
            }
            return PostgresServer.ask(taken);
        } finally {
            fresh.remove(taken);
        }
    }

    /** The pool sees only what fails on its own wrapper: unless told, it would lend the broken connection again. */
    private void tellPool(Connection pooled) {
        if (ownPool != null) {
            ownPool.evictConnection(pooled);
            return;
        }
        try (Statement probe = pooled.createStatement()) {
            probe.execute("SELECT 1");
        } catch (SQLException e) {
            Database.LOG.debug("a broken connection was given back to its data source", e);
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            Database.LOG.debug("closing a connection that is being taken failed", e);
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }
}
