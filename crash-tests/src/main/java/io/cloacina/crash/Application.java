package io.cloacina.crash;

import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.sqlite.SQLiteConnection;

/** The tables of the application that uses the engine, in the same database. */
final class Application {
    private static final String BUSY_MILLIS = "10000";

    private final DatabaseUrl url;

    Application(String url) {
        this.url = DatabaseUrl.parse(url);
    }

    /** An effect of a transactional task. */
    record Effect(UUID execution, String task, int attempt) {}

    /** A connection of the application, in no transaction. On SQLite each transaction begins as a writer. */
    Connection connect() throws SQLException {
        if (url instanceof DatabaseUrl.Postgres postgres) {
            return Place.connect(postgres, Map.of());
        }
        Properties properties = new Properties();
        properties.setProperty("busy_timeout", BUSY_MILLIS);
        properties.setProperty("transaction_mode", "IMMEDIATE");
        properties.setProperty("foreign_keys", "true");
        return DriverManager.getConnection("jdbc:sqlite:" + ((DatabaseUrl.Sqlite) url).file(), properties);
    }

    void createTables() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // Without keys: what is there twice shall be seen.
            statement.execute("CREATE TABLE crash_effects (execution TEXT, task TEXT, attempt INTEGER)");
            statement.execute("CREATE TABLE crash_orders (name TEXT, execution TEXT)");
        }
    }

    static void insertEffect(Connection connection, Effect effect) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO crash_effects VALUES (?, ?, ?)")) {
            insert.setString(1, effect.execution().toString());
            insert.setString(2, effect.task());
            insert.setInt(3, effect.attempt());
            insert.executeUpdate();
        }
    }

    /** Breaks the connection of a transaction, as a server does that cuts it, or a file system that fails. */
    static void loseConnection(Connection connection) throws SQLException {
        if (connection.isWrapperFor(SQLiteConnection.class)) {
            connection.unwrap(SQLiteConnection.class).close();
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
        }
    }

    static void insertOrder(Connection connection, String name, UUID execution) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO crash_orders VALUES (?, ?)")) {
            insert.setString(1, name);
            insert.setString(2, execution.toString());
            insert.executeUpdate();
        }
    }

    List<Effect> effects() throws SQLException {
        List<Effect> effects = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT execution, task, attempt FROM crash_effects")) {
            while (rows.next()) {
                effects.add(new Effect(UUID.fromString(rows.getString(1)), rows.getString(2), rows.getInt(3)));
            }
        }
        return effects;
    }

    /** The executions of the orders, with how many orders each has. */
    Map<UUID, Integer> orders() throws SQLException {
        Map<UUID, Integer> orders = new HashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT execution FROM crash_orders")) {
            while (rows.next()) {
                orders.merge(UUID.fromString(rows.getString(1)), 1, Integer::sum);
            }
        }
        return orders;
    }

    /**
     * Makes the times of all leases look as if the clock of the database had been set by that many seconds, on or back, since
     * they were renewed.
     */
    void setClockOfDatabase(int seconds) throws SQLException {
        String leases =
                "UPDATE runners SET heartbeat_at = " + earlier("heartbeat_at", seconds) + ", lease_expires_at = "
                        + earlier("lease_expires_at", seconds) + " WHERE lease_expires_at > heartbeat_at";
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(leases);
        }
    }

    private String earlier(String column, int seconds) {
        return url instanceof DatabaseUrl.Postgres
                ? column + " - " + seconds + " * INTERVAL '1 second'"
                : "strftime('%Y-%m-%dT%H:%M:%f000Z', " + column + ", '" + -seconds + " seconds')";
    }

    /** Ends some connections of the application with that name, those of the engine and others; how many. */
    int cutConnections(String applicationName, int atMost) throws SQLException {
        String cut = "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity"
                + " WHERE application_name = ? AND pid <> pg_backend_pid() ORDER BY random() LIMIT ?) AS some_of_them";
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement(cut)) {
            select.setString(1, applicationName);
            select.setInt(2, atMost);
            int number = 0;
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    number++;
                }
            }
            return number;
        }
    }
}
