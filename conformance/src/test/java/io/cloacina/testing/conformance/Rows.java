package io.cloacina.testing.conformance;

import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is in the tables, past the library. */
final class Rows {
    private static final List<String> OF_EXECUTIONS = List.of(
            "contexts",
            "pipeline_executions",
            "recovery_events",
            "task_attempts",
            "task_execution_metadata",
            "task_executions");

    private Rows() {}

    /** How many rows each table has that executions put rows into. */
    static Map<String, Integer> counts(TestDatabase database) {
        Map<String, Integer> counts = new TreeMap<>();
        OF_EXECUTIONS.forEach(table -> counts.put(
                table,
                Integer.valueOf(texts(database, "SELECT COUNT(*) FROM " + table).get(0))));
        return counts;
    }

    /** No execution, and nothing that belongs to one. */
    static Map<String, Integer> none() {
        Map<String, Integer> counts = new TreeMap<>();
        OF_EXECUTIONS.forEach(table -> counts.put(table, 0));
        return counts;
    }

    /** Changes them. */
    static void execute(TestDatabase database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of what a query finds, as texts. */
    static List<String> texts(TestDatabase database, String sql) {
        try (Connection connection = database.connect()) {
            return texts(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The same on a connection that stays open. */
    static List<String> texts(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (found.next()) {
                texts.add(found.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static void run(TestDatabase database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** From now on the database refuses to insert a row of a task of that name. */
    static void refuseTask(TestDatabase database, String taskName) {
        if (database.backend() == Backend.SQLITE) {
            run(
                    database,
                    "CREATE TRIGGER refused BEFORE INSERT ON task_executions WHEN NEW.task_name = '" + taskName
                            + "' BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        } else {
            run(
                    database,
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$");
            run(
                    database,
                    "CREATE TRIGGER refused BEFORE INSERT ON task_executions FOR EACH ROW WHEN (NEW.task_name = '"
                            + taskName + "') EXECUTE FUNCTION refuse()");
        }
    }
}
