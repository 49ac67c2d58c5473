package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads and sets pragmas of an SQLite connection. */
final class Pragma {
    private Pragma() {}

    /** The value of a pragma; an empty text if there is none. */
    static String get(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("PRAGMA " + pragma)) {
            String text = answer.next() ? answer.getString(1) : null;
            return text == null ? "" : text;
        }
    }

    static boolean isOn(Connection connection, String pragma) throws SQLException {
        return get(connection, pragma).equals("1");
    }

    static void set(Connection connection, String pragma, boolean on) throws SQLException {
        run(connection, pragma + " = " + (on ? "ON" : "OFF"));
    }

    static void run(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + pragma);
        }
    }

    /** The file of the database; empty if it is in memory. */
    static String file(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("PRAGMA database_list")) {
            while (answer.next()) {
                if (answer.getString("name").equals("main")) {
                    String file = answer.getString("file");
                    return file == null ? "" : file;
                }
            }
            return "";
        }
    }
}
