package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever PostgreSQL's planner believes of the tables, the statements of a task's walk go by the key of their rows: how often
 * the indexes over few rows are read does not depend on how much is done.
 */
@Timeout(120)
class HostileStatisticsTest {
    private static final int EXECUTIONS = 300;

    /** Those that a statement with the key of a row could take instead of the key. */
    private static final List<String> OF_FEW_ROWS = List.of(
            "task_executions_claimed_idx",
            "pipeline_executions_unfinished_idx",
            "task_executions_due_idx",
            "task_executions_elements_idx",
            "task_executions_elements_waiting_idx");

    /** What the planner is told. */
    enum Belief {
        NEVER_ANALYSED,
        ANALYSED_WHEN_EMPTY,
        TEN_ROWS_THEN_DEAD_ONES,
        GENERIC_PLANS
    }

    private static WorkflowDefinition workflow() {
        return WorkflowDefinition.named("walk")
                .version("1")
                .task("a", context -> {})
                .task("b", context -> {}, task -> task.after("a"))
                .task("c", context -> {}, task -> task.after("a"))
                .task("d", context -> {}, task -> task.after("b").after("c"))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void the_walk_goes_by_the_keys_of_its_rows(Belief belief) throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated();
            for (String table : List.of("pipeline_executions", "task_executions", "runners")) {
                EngineParts.execute(test, "ALTER TABLE " + table + " SET (autovacuum_enabled = false)");
            }
            String url = test.url();
            switch (belief) {
                case NEVER_ANALYSED -> {}
                case ANALYSED_WHEN_EMPTY -> EngineParts.execute(test, "ANALYZE");
                case TEN_ROWS_THEN_DEAD_ONES -> {
                    run(url, 10);
                    EngineParts.execute(test, "ANALYZE");
                    leaveDeadRows(test);
                }
                case GENERIC_PLANS -> url += "?options=-c%20plan_cache_mode%3Dforce_generic_plan";
            }
            run(url, 1);
            Map<String, Long> before = scans(test);

            run(url, EXECUTIONS);

            Map<String, Long> after = scans(test);
            for (String index : OF_FEW_ROWS) {
                assertThat(done(before, after, index))
                        .as("scans of %s, of %s", index, after)
                        .isLessThan(EXECUTIONS / 4);
            }
            assertThat(done(before, after, "task_executions_pkey"))
                    .as("of %s", after)
                    .isGreaterThan(EXECUTIONS);
        }
    }

    private static long done(Map<String, Long> before, Map<String, Long> after, String index) {
        return after.getOrDefault(index, 0L) - before.getOrDefault(index, 0L);
    }

    private static void run(String url, int executions) {
        try (Engine engine = Engine.builder(url).workflow(workflow()).start()) {
            List<UUID> ids = engine.submitAll(Collections.nCopies(executions, Submission.of("walk")));
            for (UUID id : ids) {
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    /** Rows that were claimed and unfinished, in every index, and are no more. */
    private static void leaveDeadRows(TestDatabase test) {
        EngineParts.execute(
                test,
                "DO $$ DECLARE runner uuid := gen_random_uuid(); BEGIN"
                        + " INSERT INTO runners (id, host, boot_id, pid, process_start, workflows, heartbeats, heartbeat_at,"
                        + " lease_expires_at, created_at) VALUES (runner, '', '', 0, '', '[]', 0, now(), now(), now());"
                        + " FOR i IN 1..200 LOOP"
                        + " UPDATE task_executions SET priority = priority + 1, status = 'Running', claimed_by = runner;"
                        + " UPDATE pipeline_executions SET priority = priority + 1, status = 'Running';"
                        + " END LOOP;"
                        + " UPDATE task_executions SET status = 'Completed', claimed_by = NULL;"
                        + " UPDATE pipeline_executions SET status = 'Completed';"
                        + " DELETE FROM runners;"
                        + " END $$");
    }

    private static Map<String, Long> scans(TestDatabase test) throws SQLException {
        Map<String, Long> scans = new TreeMap<>();
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT indexrelname, idx_scan FROM pg_stat_user_indexes")) {
            while (rows.next()) {
                scans.put(rows.getString(1), rows.getLong(2));
            }
        }
        return scans;
    }
}
