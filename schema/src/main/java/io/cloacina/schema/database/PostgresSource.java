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
 * Connections of the driver. Its own data source writes all settings into a URL, the passwords of keys too, which the
 * driver logs, and shows when it cannot read it. Here a URL has the place only. Thread safe.
 */
final class PostgresSource implements DataSource {
    /** Seconds to reach a server and to log in; the driver's own limits are longer, and one of them is none. */
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
                // The driver looks for this one in URLs only.
                + (service == null ? "" : "?" + PGProperty.SERVICE.getName() + "=" + encoded(service));
    }

    /** Connections that are made from now on prepare no statements on the server. */
    void doNotPrepareOnServer() {
        settings.setProperty(PGProperty.PREPARE_THRESHOLD.getName(), "0");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public Connection getConnection() throws SQLException {
        // The driver puts further ones into it.
        Properties given = new Properties();
        given.putAll(settings);
        Connection connection = driver.connect(url, given);
        if (connection == null) {
            throw new SQLException("the driver does not accept " + url);
        }
        return connection;
    }

    /** Seconds. */
    @Override
    public int getLoginTimeout() throws SQLException {
        return PGProperty.LOGIN_TIMEOUT.getInt(settings);
    }

    /** The pool says how long it waits; the URL has said it before. */
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
