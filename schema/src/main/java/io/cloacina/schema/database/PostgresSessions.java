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
 * Sessions on the connections of a pool to PostgreSQL. The pool closes statements when a connection returns to it, so
 * statements are prepared on the physical connection beneath, and kept as long as that exists.
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
    // Sessions whose physical connection is not shown by the data source, so that they are not in the map.
    private final Set<PostgresSession> unknown = ConcurrentHashMap.newKeySet();
    // What the first of those showed of the server; asking each again would be a round trip for each transaction.
    private volatile @Nullable PostgresServer hidden;
    // Connections that do not have a session yet.
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
     * Creates the sessions on a data source of the application that connects to the given database of its server.
     *
     * @param connections how many connections it gives at once, without those that are kept
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

    /** A connection outside the pool, so that this work continues even if all connections of the pool are in use. */
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
    public Subscription.Listener listener() {
        return ownPool == null
                ? new PostgresListener(source, true)
                : new PostgresListener(ownPool.getDataSource(), false);
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
                // Either this check refuses it, or the thread that cuts off all connections finds it.
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

    /** An interrupt does not end the waiting, as on SQLite; the thread is interrupted again afterwards. */
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
        // A pool replaces its connections now and then without telling: forget the old ones when a new one appears.
        byPhysical.keySet().removeIf(PostgresSessions::isClosed);
        // By the pool's own connection, so that the pool notices if it is broken.
        PostgresServer server = serverOf(pooled);
        PostgresSession made = new PostgresSession(physical, errors, serverStatements, driver, server, ownPool != null);
        byPhysical.put(physical, made);
        return made;
    }

    /** Reads the server's properties over a connection that does not have a session yet. */
    private PostgresServer serverOf(Connection taken) throws SQLException {
        fresh.add(taken);
        try {
            // Either this check refuses it, or the thread that cuts off all connections finds it.
            if (isCutOff) {
                throw Sessions.closed();
            }
            return PostgresServer.ask(taken);
        } finally {
            fresh.remove(taken);
        }
    }

    /**
     * Lets the pool drop a broken connection: it notices only errors on its own wrapper, and would lend the connection
     * again.
     */
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
