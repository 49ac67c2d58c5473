package io.cloacina.schema.catalog;

import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What somebody does to the tables of a database by hand, past the library. */
final class HandEdit {
    private final TestDatabase test;

    HandEdit(TestDatabase test) {
        this.test = test;
    }

    /** Runs SQL that both backends understand. */
    HandEdit run(String... statements) {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    HandEdit onSqlite(String... statements) {
        return test.backend() == Backend.SQLITE ? run(statements) : this;
    }

    HandEdit onPostgres(String... statements) {
        return test.backend() == Backend.POSTGRES ? run(statements) : this;
    }

    /** SQLite, which cannot alter constraints: makes the empty table anew with another text, and its indexes as they were. */
    HandEdit rebuildOnSqlite(String table, String part, String replacement) {
        if (test.backend() == Backend.POSTGRES) {
            return this;
        }
        List<String> statements = new ArrayList<>(List.of("DROP TABLE " + table));
        try (Connection connection = test.jdbc();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql NOT NULL ORDER BY type DESC")) {
            select.setString(1, table);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    statements.add(row.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        String text = statements.get(1);
        if (!text.contains(part)) {
            throw new IllegalArgumentException("no '" + part + "' in " + text);
        }
        statements.set(1, text.replace(part, replacement));
        return run(statements.toArray(String[]::new));
    }
}
