package io.cloacina.schema.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGProperty;

/** Creates the pool of connections to PostgreSQL. */
final class PostgresPool {
    private PostgresPool() {}

    /** A pool, and what its first connection showed of the server. */
    record Opened(HikariDataSource pool, String database, ServerStatements serverStatements) {}

    static Opened open(DatabaseUrl.Postgres url, ErrorClassifier errors) {
        // The pool gets a data source instead of a URL: so it has no password that it could log, and does not set the
        // login timeout of the whole JVM.
        PostgresSource source = new PostgresSource(url);
        int loginSeconds = loginSeconds(source, url);
        PostgresServer server = requireServer(source, url, errors);
        boolean isChosen = url.settings().containsKey(PGProperty.PREPARE_THRESHOLD.getName());
        if (server.isPooled() && !isChosen) {
            // For the pool as well, which regularly checks with a statement of the driver whether a connection is
            // alive.
            source.doNotPrepareOnServer();
            Database.LOG.info(
                    "a pooler is between this process and {}: statements are not prepared on the server. If it keeps a"
                            + " connection for each session, or prepares statements itself, prepareThreshold=5 in the URL"
                            + " is a little faster",
                    url);
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("cloacina");
        config.setDataSource(source);
        config.setMaximumPoolSize(url.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(Math.max(1, loginSeconds)));
        config.setInitializationFailTimeout(-1);
        return new Opened(
                new HikariDataSource(config),
                server.database(),
                new ServerStatements(url.toString(), isChosen, source::doNotPrepareOnServer));
    }

    /** Opens one connection before there is a pool, because a pool would log and wrap the error. */
    private static PostgresServer requireServer(
            PostgresSource source, DatabaseUrl.Postgres url, ErrorClassifier errors) {
        try (Connection connection = source.getConnection()) {
            PostgresServer server = PostgresServer.lookAt(connection, url.toString());
            String schema = url.settings().get(PGProperty.CURRENT_SCHEMA.getName());
            if (schema != null && server.isPooled()) {
                PostgresServer.requireSearchPath(connection, schema, url.toString());
            }
            return server;
        } catch (SQLException e) {
            DatabaseException classified = errors.classify(e, "opening the database");
            throw classified.kind() == ErrorKind.INVALID_VALUE || isOfSettings(e) ? unusable(url, e) : classified;
        } catch (NumberFormatException e) {
            throw unusable(url, e);
        }
    }

    /** Whether the driver did not even try to connect. */
    private static boolean isOfSettings(SQLException e) {
        return String.valueOf(e.getMessage()).startsWith("Unable to parse URL");
    }

    private static int loginSeconds(PostgresSource source, DatabaseUrl.Postgres url) {
        try {
            return source.getLoginTimeout();
        } catch (SQLException e) {
            throw unusable(url, e);
        }
    }

    private static DatabaseException unusable(DatabaseUrl.Postgres url, Exception e) {
        return new DatabaseException(ErrorKind.URL, "cannot use " + url + ": " + e.getMessage(), e);
    }
}
