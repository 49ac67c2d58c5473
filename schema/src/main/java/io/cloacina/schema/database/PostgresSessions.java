package io.cloacina.schema.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * PostgreSQL: connections of a pool. The pool closes statements when a connection goes back to it, so statements are prepared
 * on the physical connection beneath, and kept as long as that lives.
 */
final class PostgresSessions implements Sessions {
    /** A number that others are unlikely to lock: the first letters of the name. */
    private static final long ALTERATION_LOCK = 0x636c6f6163696e61L;

    private final DataSource source;
    private final @Nullable HikariDataSource ownPool;
    private final ErrorClassifier errors;
    private final Map<Connection, Session> byPhysical = new ConcurrentHashMap<>();
    private final Map<Session, Connection> lent = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private PostgresSessions(DataSource source, @Nullable HikariDataSource ownPool, ErrorClassifier errors) {
        this.source = source;
        this.ownPool = ownPool;
        this.errors = errors;
    }

    static PostgresSessions of(DatabaseUrl.Postgres url, Schema schema) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("cloacina");
        config.setJdbcUrl(url.jdbcUrl());
        config.setMaximumPoolSize(url.poolSize());
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "cloacina");
        url.properties().forEach(config::addDataSourceProperty);
        ErrorClassifier errors = new PostgresErrors(schema, url.toString());
        try {
            HikariDataSource pool = new HikariDataSource(config);
            return new PostgresSessions(pool, pool, errors);
        } catch (HikariPool.PoolInitializationException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw errors.classify(cause, "opening the database");
            }
            throw new DatabaseException(ErrorKind.CONNECTION, "no connection to " + url + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new DatabaseException(ErrorKind.URL, "cannot use " + url + ": " + e.getMessage(), e);
        }
    }

    static PostgresSessions of(DataSource source, Schema schema) {
        return new PostgresSessions(source, null, new PostgresErrors(schema, "the database of the data source"));
    }

    @Override
    public Backend backend() {
        return Backend.POSTGRES;
    }

    @Override
    public Session writer() {
        if (closed) {
            throw Database.closed();
        }
        try {
            Connection pooled = source.getConnection();
            Session session = sessionOf(pooled);
            lent.put(session, pooled);
            return session;
        } catch (SQLException e) {
            throw closed ? Database.closed() : errors.classify(e, "taking a connection");
        }
    }

    @Override
    public Session reader() {
        return writer();
    }

    @Override
    public void giveBack(Session session) {
        Connection pooled = Objects.requireNonNull(lent.remove(session));
        try {
            if (session.isBroken()) {
                byPhysical.remove(session.connection());
                session.close();
                if (ownPool != null) {
                    ownPool.evictConnection(pooled);
                }
            }
            pooled.close();
        } catch (SQLException e) {
            Database.LOG.debug("giving back a connection failed", e);
        }
    }

    @Override
    public void beginAlteration(Session session) {
        try {
            session.beginWrite();
            try (PreparedStatement lock = session.connection().prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
                lock.setLong(1, ALTERATION_LOCK);
                lock.execute();
            }
        } catch (SQLException e) {
            throw session.failed(e, "beginning to change the schema");
        }
    }

    @Override
    public void endAlteration(Session session, boolean commit) {
        try {
            if (commit) {
                session.commit();
            } else {
                session.rollback();
            }
        } catch (SQLException e) {
            throw session.failed(e, "ending a change of the schema");
        }
    }

    @Override
    public void close() {
        closed = true;
        if (ownPool != null) {
            ownPool.close();
        }
        byPhysical.clear();
    }

    private Session sessionOf(Connection pooled) throws SQLException {
        if (!pooled.isWrapperFor(PGConnection.class)) {
            return new PostgresSession(pooled, errors);
        }
        Connection physical = (Connection) pooled.unwrap(PGConnection.class);
        Session known = byPhysical.get(physical);
        if (known != null) {
            return known;
        }
        // A pool replaces its connections now and then and tells nobody: forget the old ones when a new one appears.
        byPhysical.keySet().removeIf(PostgresSessions::isClosed);
        Session made = new PostgresSession(physical, errors);
        byPhysical.put(physical, made);
        return made;
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }
}
