package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Fills the tables with a history and with what waits, by SQL: an execution with its input and one task each. */
public final class Growth {
    /** Their ids are of the past, as those of a history are. */
    public static final long FIRST_MILLIS = 1_700_000_000_000L;

    private Growth() {}

    /**
     * Half of what waits is ready and of a workflow that the engine does not have, half waits for a time.
     *
     * @param url of a migrated database
     */
    public static void fill(String url, int finished, int waiting) throws SQLException {
        boolean isPostgres = DatabaseUrl.parse(url) instanceof DatabaseUrl.Postgres;
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : isPostgres ? postgres(finished, waiting) : sqlite(finished, waiting)) {
                statement.execute(sql);
            }
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute(isPostgres ? "VACUUM ANALYZE" : "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /** A connection of the driver to that database. */
    public static Connection connect(String url) throws SQLException {
        return DatabaseUrl.parse(url) instanceof DatabaseUrl.Postgres postgres
                ? Place.connect(postgres, Map.of())
                : DriverManager.getConnection("jdbc:sqlite:" + ((DatabaseUrl.Sqlite) DatabaseUrl.parse(url)).file());
    }

    /** What makes an id of a number {@code n}; {@code %d} in it stands for the kind of rows. */
    public static String id(boolean isPostgres) {
        return isPostgres
                ? "CAST(lpad(to_hex(" + FIRST_MILLIS + " + n), 12, '0') || '7' || lpad(to_hex(%d), 3, '0') || '8'"
                        + " || lpad(to_hex(n), 15, '0') AS uuid)"
                : "unhex(printf('%012x7%03x8%015x', " + FIRST_MILLIS + " + n, %d, n))";
    }

    private static List<String> sqlite(int finished, int waiting) {
        return statements(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < " + (finished + waiting)
                        + ") SELECT n FROM s)",
                id(false),
                "'2024-01-01T00:00:00.000000Z'",
                "'2099-01-01T00:00:00.000000Z'",
                "0",
                finished,
                waiting);
    }

    private static List<String> postgres(int finished, int waiting) {
        return statements(
                "generate_series(CAST(1 AS bigint), " + (finished + waiting) + ") AS s(n)",
                id(true),
                "CAST('2024-01-01 00:00:00' AS timestamp)",
                "CAST('2099-01-01 00:00:00' AS timestamp)",
                "false",
                finished,
                waiting);
    }

    private static List<String> statements(
            String numbers, String id, String then, String later, String no, int finished, int waiting) {
        String context = id.replace("%d", "1");
        String execution = id.replace("%d", "2");
        String task = id.replace("%d", "3");
        String isDone = "n <= " + finished;
        String isReady = "n <= " + (finished + waiting / 2);
        String name = "CASE WHEN " + isDone + " THEN 'single' WHEN " + isReady + " THEN 'elsewhere' ELSE 'later' END";
        return List.of(
                "INSERT INTO contexts (id, value, created_at, updated_at) SELECT " + context + ", '{\"number\":42}', "
                        + then + ", " + then + " FROM " + numbers,
                "INSERT INTO pipeline_executions (id, pipeline_name, pipeline_version, status, context_id, started_at,"
                        + " completed_at, start_after, recovery_attempts, leaves_remaining, tasks_failed, priority,"
                        + " origin, created_at, updated_at) SELECT " + execution + ", " + name + ", '1', CASE WHEN "
                        + isDone + " THEN 'Completed' ELSE 'Pending' END, " + context + ", CASE WHEN " + isDone
                        + " THEN " + then + " END, CASE WHEN " + isDone + " THEN " + then + " END, CASE WHEN NOT ("
                        + isReady + ") THEN " + later + " END, 0, CASE WHEN " + isDone + " THEN 0 ELSE 1 END, 0, 0,"
                        + " 'submit', " + then + ", " + then + " FROM " + numbers,
                "INSERT INTO task_executions (id, pipeline_execution_id, pipeline_name, pipeline_version, task_name,"
                        + " status, started_at, completed_at, due_at, dependencies_remaining, dependencies_unmet,"
                        + " attempt, max_attempts, recovery_attempts, priority, trigger_rules, task_configuration, paused,"
                        + " children_remaining, created_at, updated_at) SELECT " + task + ", " + execution + ", " + name
                        + ", '1', 'only', CASE WHEN " + isDone + " THEN 'Completed' ELSE 'Ready' END, CASE WHEN "
                        + isDone + " THEN " + then + " END, CASE WHEN " + isDone + " THEN " + then
                        + " END, CASE WHEN NOT (" + isReady + ") THEN " + later + " END, 0, 0, CASE WHEN " + isDone
                        + " THEN 1 ELSE 0 END, 1, 0, 0, '{\"type\":\"DependenciesCompleted\"}', '{}', " + no + ", 0, "
                        + then + ", " + then + " FROM " + numbers);
    }
}
