package io.cloacina.engine;

import io.cloacina.schema.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** What the tables say, read by plain SQL: the simulation believes nothing that the engine's own statements tell. */
final class SimulatedRow {
    private SimulatedRow() {}

    /** An execution; instants are texts, empty for NULL. */
    record OfExecution(
            String id,
            String workflow,
            String status,
            int leavesRemaining,
            int tasksFailed,
            int recoveries,
            String startedAt) {
        boolean isFinished() {
            return status.equals("Completed") || status.equals("Failed") || status.equals("Cancelled");
        }
    }

    /** A task execution; {@code runner} and {@code dueAt} are empty for NULL. */
    record OfTask(
            String place,
            String id,
            String execution,
            String name,
            String status,
            int attempt,
            int maxAttempts,
            int recoveries,
            String runner,
            int remaining,
            int unmet,
            String dueAt,
            boolean paused,
            int priority) {
        boolean isFinished() {
            return !(isUnder("NotStarted") || isUnder("Ready") || isUnder("Running"));
        }

        boolean isUnder(String label) {
            return status.equals(label);
        }
    }

    /** All rows at one time. Tasks, outputs and entries of the ledger are under the place of their task. */
    record All(
            Map<String, OfExecution> executions,
            Map<String, OfTask> tasks,
            Map<String, String> outputs,
            Map<String, Integer> ledger,
            Map<String, String> leases,
            Map<String, String> heartbeats,
            int contexts,
            int changes) {
        static final All NONE = new All(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), 0, -1);

        OfTask task(String execution, String name) {
            return Simulated.known(tasks.get(execution + "/" + name), "task " + name + " of " + execution);
        }
    }

    /** All rows; those of before if nothing was changed since. */
    static All read(Database database, All before) {
        return database.read(transaction -> {
            try (Statement statement = transaction.connection().createStatement()) {
                int changes = number(statement, "SELECT total_changes()");
                return changes == before.changes ? before : read(statement, changes);
            } catch (SQLException e) {
                throw transaction.classify(e, "reading all rows");
            }
        });
    }

    private static All read(Statement statement, int changes) throws SQLException {
        Map<String, OfExecution> executions = new TreeMap<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT hex(id), pipeline_name, status, leaves_remaining, tasks_failed, recovery_attempts,"
                        + " coalesce(started_at, '') FROM pipeline_executions")) {
            while (row.next()) {
                executions.put(
                        row.getString(1),
                        new OfExecution(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getInt(4),
                                row.getInt(5),
                                row.getInt(6),
                                row.getString(7)));
            }
        }
        return new All(
                executions,
                tasks(statement),
                pairs(
                        statement,
                        "SELECT hex(m.pipeline_execution_id) || '/' || m.task_name, c.value FROM"
                                + " task_execution_metadata m JOIN contexts c ON c.id = m.context_id"),
                counts(statement),
                pairs(statement, "SELECT hex(id), lease_expires_at FROM runners"),
                pairs(statement, "SELECT hex(id), heartbeats FROM runners"),
                number(statement, "SELECT count(*) FROM contexts"),
                changes);
    }

    private static Map<String, OfTask> tasks(Statement statement) throws SQLException {
        Map<String, OfTask> tasks = new TreeMap<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT hex(id), hex(pipeline_execution_id), task_name, status, attempt, max_attempts,"
                        + " recovery_attempts, coalesce(hex(claimed_by), ''), dependencies_remaining,"
                        + " dependencies_unmet, coalesce(due_at, ''), paused, priority FROM task_executions")) {
            while (row.next()) {
                String execution = row.getString(2);
                String name = row.getString(3);
                OfTask task = new OfTask(
                        execution + "/" + name,
                        row.getString(1),
                        execution,
                        name,
                        row.getString(4),
                        row.getInt(5),
                        row.getInt(6),
                        row.getInt(7),
                        row.getString(8),
                        row.getInt(9),
                        row.getInt(10),
                        row.getString(11),
                        row.getInt(12) == 1,
                        row.getInt(13));
                tasks.put(task.place(), task);
            }
        }
        return tasks;
    }

    private static Map<String, String> pairs(Statement statement, String sql) throws SQLException {
        Map<String, String> pairs = new TreeMap<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                pairs.put(row.getString(1), row.getString(2));
            }
        }
        return pairs;
    }

    private static Map<String, Integer> counts(Statement statement) throws SQLException {
        Map<String, Integer> counts = new TreeMap<>();
        try (ResultSet row = statement.executeQuery("SELECT place, count(*) FROM simulated_ledger GROUP BY place")) {
            while (row.next()) {
                counts.put(row.getString(1), row.getInt(2));
            }
        }
        return counts;
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
