package io.cloacina.schema.database;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens connections of the driver. The driver's own data source writes all settings, including passwords of keys, into
 * a URL, which the driver logs, and shows if it cannot read it. Here the URL contains only the servers and the
 * database. Thread safe.
 */
final class PostgresSource implements DataSource {
    /**
     * The times are in seconds, to reach a server and to log in; the driver's own limits are longer, or do not exist.
     */
    private static final Map<String, String> DEFAULTS = Map.of(
            "ApplicationName", "cloacina",
            "connectTimeout", "5",
            "loginTimeout", "10",
            "reWriteBatchedInserts", "true",
            "tcpKeepAlive", "true");

    private final Driver driver = new Driver();
    private final String url;
    private final Properties settings = new Properties();

    PostgresSource(DatabaseUrl.Postgres place) {
        settings.putAll(DEFAULTS);
        settings.putAll(place.settings());
        String service = (String) settings.remove(PGProperty.SERVICE.getName());
        this.url = "jdbc:postgresql://" + place.servers() + "/" + encoded(place.database())
                // The driver looks for this setting only in URLs.
                + (service == null ? "" : "?" + PGProperty.SERVICE.getName() + "=" + encoded(service));
    }

    /** From now on, new connections do not prepare statements on the server. */
    void doNotPrepareOnServer() {
        settings.setProperty(PGProperty.PREPARE_THRESHOLD.getName(), "0");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public Connection getConnection() throws SQLException {
        // A copy, because the driver adds to it.
        Properties given = new Properties();
        given.putAll(settings);
        Connection connection = driver.connect(url, given);
        if (connection == null) {
            throw new SQLException("the driver does not accept " + url);
        }
        return connection;
    }

    /** In seconds. */
    @Override
    public int getLoginTimeout() throws SQLException {
        return PGProperty.LOGIN_TIMEOUT.getInt(settings);
    }

    /** Ignored: the pool would set its own limit, but the URL determines it. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is named by the URL");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public Logger getParentLogger() {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("this is not a " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
