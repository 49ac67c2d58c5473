package io.cloacina.benchmarks.answers;

import io.cloacina.benchmarks.engine.Growth;
import io.cloacina.schema.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/**
 * Fills the tables with what a long past leaves: beside what {@link Growth} makes, of a hundred executions five have failed
 * and ten have a label, one schedule has fired for every tenth, and one execution has many runs for the elements of a list.
 */
final class Past {
    /** The runs of the wide execution. */
    static final int RUNS = 10_000;

    private static final int SCHEDULES = 100;
    private static final int ENTRIES = 100_000;
    private static final int EXECUTION = 2;
    private static final int TASK = 3;

    /** What is made of all the rest: labels, occurrences, attempts, runs and entries. */
    private static final int FURTHER = 4;

    private final String url;
    private final int finished;
    private final int waiting;
    private final boolean isPostgres;

    Past(String url, int finished, int waiting) {
        this.url = url;
        this.finished = finished;
        this.waiting = waiting;
        this.isPostgres = DatabaseUrl.parse(url) instanceof DatabaseUrl.Postgres;
    }

    /** Fills a migrated database. */
    void fill() throws SQLException {
        Growth.fill(url, finished, waiting);
        try (Connection connection = Growth.connect(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements()) {
                statement.execute(sql);
            }
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute(isPostgres ? "VACUUM ANALYZE" : "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /** The execution with that number, from 1; those of multiples of 20 have failed, the last ones wait. */
    static UUID execution(long number) {
        return new UUID((Growth.FIRST_MILLIS + number) << 16 | 0x7000L | EXECUTION, 0x8000000000000000L | number);
    }

    /** The execution with many runs. */
    UUID wide() {
        return execution(finished + 1L);
    }

    private List<String> statements() {
        int failed = finished / 20;
        int tenth = finished / 10;
        String error = "'java.io.IOException: host ' || (n % 50) || ' refused the connection'";
        String wide = id(EXECUTION, "" + (finished + 1));
        String parent = id(TASK, "" + (finished + 1));
        return List.of(
                "UPDATE pipeline_executions SET status = 'Failed', tasks_failed = 1, completed_at = " + at("n")
                        + ", error_details = " + error + " FROM " + numbers(failed) + " WHERE id = "
                        + id(EXECUTION, "(n * 20)"),
                "UPDATE task_executions SET status = 'Failed', completed_at = " + at("n") + ", error_details = " + error
                        + " FROM " + numbers(failed) + " WHERE id = " + id(TASK, "(n * 20)"),
                "INSERT INTO task_attempts (id, task_execution_id, attempt, outcome, runner_id, host, pid, started_at,"
                        + " ended_at, error) SELECT " + id(FURTHER, "n") + ", " + id(TASK, "(n * 20)")
                        + ", 1, 'Failed', "
                        + id(FURTHER, "1") + ", 'host', 1, " + at("n") + ", " + at("n") + ", " + error + " FROM "
                        + numbers(failed),
                "INSERT INTO execution_labels (id, pipeline_execution_id, label_name, label_value) SELECT "
                        + id(FURTHER, "n") + ", " + id(EXECUTION, "(n * 10)") + ", 'customer', 'c' || (n % 100) FROM "
                        + numbers(tenth),
                "INSERT INTO execution_labels (id, pipeline_execution_id, label_name, label_value) SELECT "
                        + id(FURTHER, "(n + " + tenth + ")") + ", " + id(EXECUTION, "(n * 10)")
                        + ", 'tier', 'gold' FROM "
                        + numbers(tenth),
                "UPDATE pipeline_executions SET idempotency_key = 'key' || n FROM " + numbers(tenth) + " WHERE id = "
                        + id(EXECUTION, "(n * 10 + 1)"),
                "INSERT INTO cron_schedules (id, workflow_name, cron_expression, timezone, enabled, catchup_policy,"
                        + " next_run_at, created_at, updated_at, name, catchup_limit, catchup_max_age_seconds) SELECT "
                        + id(FURTHER, "n") + ", 'single', '0 * * * *', 'Z', " + (isPostgres ? "true" : "1")
                        + ", 'skip', "
                        + later() + ", " + at("n") + ", " + at("n") + ", 'schedule' || n, 1, 60 FROM "
                        + numbers(SCHEDULES),
                "INSERT INTO cron_executions (id, schedule_id, pipeline_execution_id, scheduled_time, claimed_at,"
                        + " created_at, updated_at) SELECT " + id(FURTHER, "n") + ", " + id(FURTHER, "1") + ", "
                        + id(EXECUTION, "(n * 10)") + ", " + at("n") + ", " + at("n") + ", " + at("n") + ", " + at("n")
                        + " FROM " + numbers(tenth),
                "INSERT INTO recovery_events (id, pipeline_execution_id, recovery_type, recovered_at, created_at,"
                        + " updated_at) SELECT " + id(FURTHER, "n") + ", " + id(EXECUTION, "(n * 10)") + ", '"
                        + "task_reset" + "', " + at("n") + ", " + at("n") + ", " + at("n") + " FROM "
                        + numbers(tenth),
                "INSERT INTO audit_entries (id, created_at, user_name, address, action, object, status) SELECT "
                        + id(FURTHER, "n") + ", " + at("n") + ", 'user' || (n % 10), '127.0.0.1', 'POST"
                        + " /api/v1/executions/{id}/cancel', 'object' || (n % 100), 200 FROM " + numbers(ENTRIES),
                // Half of its runs have ended, the others wait for it.
                "UPDATE pipeline_executions SET pipeline_name = 'wide', status = 'Running', start_after = NULL WHERE id = "
                        + wide,
                "UPDATE task_executions SET pipeline_name = 'wide', status = 'Waiting', waits_for = 'Children', attempt ="
                        + " 1, children_remaining = " + RUNS / 2 + ", due_at = NULL WHERE id = " + parent,
                "INSERT INTO task_executions (id, pipeline_execution_id, pipeline_name, pipeline_version, task_name,"
                        + " status, started_at, completed_at, dependencies_remaining, dependencies_unmet, attempt,"
                        + " max_attempts, recovery_attempts, priority, trigger_rules, task_configuration, paused,"
                        + " children_remaining, parent_task_id, element_index, element, created_at, updated_at) SELECT "
                        + id(FURTHER, "n") + ", " + wide + ", 'wide', '1', 'only[' || (n - 1) || ']', CASE WHEN n <= "
                        + RUNS / 2 + " THEN 'Completed' ELSE 'NotStarted' END, CASE WHEN n <= " + RUNS / 2 + " THEN "
                        + at("n") + " END, CASE WHEN n <= " + RUNS / 2 + " THEN " + at("n") + " END, 0, 0, 1, 1, 0, 0,"
                        + " '{\"type\":\"DependenciesCompleted\"}', '{}', " + (isPostgres ? "false" : "0") + ", 0, "
                        + parent + ", n - 1, CAST(n AS text), " + at("n") + ", " + at("n") + " FROM " + numbers(RUNS));
    }

    private String numbers(int many) {
        return isPostgres
                ? "generate_series(CAST(1 AS bigint), " + many + ") AS s(n)"
                : "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < " + many
                        + ") SELECT n FROM s) AS s";
    }

    private String id(int kind, String number) {
        return Growth.id(isPostgres).replace("%d", "" + kind).replaceAll("\\bn\\b", number);
    }

    /** A second for each. */
    private String at(String number) {
        return isPostgres
                ? "CAST('2024-01-01 00:00:00' AS timestamp) + " + number + " * interval '1 second'"
                : "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1704067200 + " + number + ", 'unixepoch')";
    }

    private String later() {
        return isPostgres ? "CAST('2099-01-01 00:00:00' AS timestamp)" : "'2099-01-01T00:00:00.000000Z'";
    }
}
