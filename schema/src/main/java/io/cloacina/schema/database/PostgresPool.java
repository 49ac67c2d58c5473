package io.cloacina.schema.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes the pool of connections to PostgreSQL. */
final class PostgresPool {
    /** Seconds to reach a server and to log in; the driver's own limits are longer, and one of them is none. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "ApplicationName", "cloacina",
            "connectTimeout", "5",
            "loginTimeout", "10",
            "reWriteBatchedInserts", "true",
            "tcpKeepAlive", "true");

    private PostgresPool() {}

    /** A pool and the name that the server has for the database. */
    record Opened(HikariDataSource pool, String database) {}

    static Opened open(DatabaseUrl.Postgres url, ErrorClassifier errors) {
        // The pool gets a data source, not a URL: it knows no password that it could log, and it would set the login
        // timeout
        // of the whole JVM.
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setURL("jdbc:postgresql://" + url.servers() + "/");
            source.setDatabaseName(url.database());
            for (Map<String, String> settings : List.of(DEFAULTS, url.settings())) {
                for (Map.Entry<String, String> setting : settings.entrySet()) {
                    source.setProperty(setting.getKey(), setting.getValue());
                }
            }
        } catch (SQLException | RuntimeException e) {
            throw unusable(url, e);
        }
        int loginSeconds = loginSeconds(source, url);
        String database = requireServer(source, url, errors);
        HikariConfig config = new HikariConfig();
        config.setPoolName("cloacina");
        config.setDataSource(source);
        config.setMaximumPoolSize(url.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(Math.max(1, loginSeconds)));
        config.setInitializationFailTimeout(-1);
        return new Opened(new HikariDataSource(config), database);
    }

    /**
     * Asks for a connection once before there is a pool, which would log and wrap what fails, and for the name of its
     * database.
     */
    private static String requireServer(PGSimpleDataSource source, DatabaseUrl.Postgres url, ErrorClassifier errors) {
        try (Connection connection = source.getConnection()) {
            requireUnicode(connection, url.toString());
            return database(connection);
        } catch (SQLException e) {
            DatabaseException classified = errors.classify(e, "opening the database");
            throw classified.kind() == ErrorKind.INVALID_VALUE ? unusable(url, e) : classified;
        } catch (NumberFormatException e) {
            throw unusable(url, e);
        }
    }

    private static int loginSeconds(PGSimpleDataSource source, DatabaseUrl.Postgres url) {
        try {
            return source.getLoginTimeout();
        } catch (NumberFormatException e) {
            throw unusable(url, e);
        }
    }

    /** The name that the server has for the database of a connection; a pooler between may have another one. */
    static String database(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT current_database()")) {
            answer.next();
            return answer.getString(1);
        }
    }

    /** In any other encoding the server refuses or changes some characters. */
    static void requireUnicode(Connection connection, String name) throws SQLException {
        String encoding = connection.unwrap(PGConnection.class).getParameterStatus("server_encoding");
        if (encoding != null && !encoding.toUpperCase(Locale.ROOT).equals("UTF8")) {
            throw new DatabaseException(
                    ErrorKind.URL,
                    name + " is encoded in " + encoding + "; make the database with ENCODING 'UTF8'",
                    null);
        }
    }

    private static DatabaseException unusable(DatabaseUrl.Postgres url, Exception e) {
        return new DatabaseException(ErrorKind.URL, "cannot use " + url + ": " + e.getMessage(), e);
    }
}
