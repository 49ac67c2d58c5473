package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.store.LimitStore;
import io.cloacina.engine.internal.store.ReasonStore;
import io.cloacina.engine.internal.store.StatusStore;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;

/** What an operator asks costs as many rows as it is bounded to, however much there is. */
@Timeout(300)
class StatusPlansTest {
    private static final int MANY = 40_000;
    private static final int MOST = 100;

    /** What a node of PostgreSQL's plan has really done. */
    private static final Pattern DONE = Pattern.compile("actual.* rows=([0-9.]+) loops=([0-9]+)");

    private static final Pattern REMOVED = Pattern.compile("Rows Removed by .*: ([0-9]+)");

    /** Executions of four versions: half of them have ended, the others wait in each way that there is. */
    static void fill(TestDatabase test, int many) {
        boolean sqlite = test.backend() == Backend.SQLITE;
        String numbers = sqlite
                ? "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < " + many + ") "
                : "WITH numbers AS (SELECT n FROM generate_series(1, " + many + ") n) ";
        String id = sqlite
                ? "CAST(unhex(printf('01900000000070008000%012x', n)) AS BLOB)"
                : "CAST(format('01900000-0000-7000-8000-%s', lpad(to_hex(n), 12, '0')) AS uuid)";
        String no = sqlite ? "0" : "false";
        String now = sqlite ? "'2026-03-08T07:00:00.000000Z'" : "CAST('2026-03-08 07:00:00' AS timestamp)";
        EngineParts.execute(
                test,
                "INSERT INTO pipeline_executions (id, pipeline_name, pipeline_version, status, recovery_attempts,"
                        + " created_at, updated_at, leaves_remaining, tasks_failed, priority, origin, completed_at, paused_at) "
                        + numbers + "SELECT " + id + ", 'w' || ((n / 2) % 2), CAST((n / 4) % 2 AS text),"
                        + " CASE WHEN n % 2 = 0 THEN 'Completed' WHEN n % 16 = 1 THEN 'Paused' ELSE 'Running' END, 0, "
                        + now + ", " + now + ", 1, 0, 0, 'submit', CASE WHEN n % 2 = 0 THEN " + now
                        + " END, CASE WHEN n % 16 = 1 THEN " + now + " END FROM numbers");
        EngineParts.execute(
                test,
                "INSERT INTO task_executions (id, pipeline_execution_id, task_name, status, attempt, max_attempts,"
                        + " trigger_rules, task_configuration, recovery_attempts, created_at, updated_at,"
                        + " dependencies_remaining, dependencies_unmet, pipeline_name, pipeline_version, priority, paused,"
                        + " children_remaining, due_at, waits_for, limit_keys) "
                        + numbers + "SELECT " + id + ", " + id + ", 't', CASE WHEN n % 2 = 0 THEN 'Completed'"
                        + " WHEN n % 16 IN (3, 5, 7) THEN 'Waiting' ELSE 'Ready' END, 0, 1, '{}', '{}', 0, " + now
                        + ", "
                        + now + ", 0, 0, 'w' || ((n / 2) % 2), CAST((n / 4) % 2 AS text), n % 5, " + no
                        + ", 0, CASE WHEN n % 16 = 9 THEN " + now + " END,"
                        + " CASE n % 16 WHEN 3 THEN 'Signal' WHEN 5 THEN 'Children' WHEN 7 THEN 'Time' END,"
                        + " CASE WHEN n % 16 IN (11, 13) THEN '[\"key' || ((n / 16) % 1000) || '\"]' END FROM numbers");
        EngineParts.execute(test, "ANALYZE");
    }

    @DatabaseTest
    void a_status_reads_as_many_rows_as_it_is_bounded_to(TestDatabase test) throws SQLException {
        Database database = test.migrated(StatusStore.STATEMENTS, ReasonStore.STATEMENTS, LimitStore.STATEMENTS);
        fill(test, MANY);
        UniversalUuid id = UniversalUuid.parse("01900000-0000-7000-8000-0000000000ff");
        StatusStore.Look look = new StatusStore.Look(5, MOST / 10);

        for (Plans.Case<?> each : List.of(
                new Plans.Case<>(StatusStore.READY_COUNT, MOST),
                new Plans.Case<>(StatusStore.READY_VERSIONS, look),
                new Plans.Case<>(StatusStore.READY_KEYS, look),
                new Plans.Case<>(StatusStore.UNFINISHED_VERSIONS, 5),
                new Plans.Case<>(StatusStore.UNFINISHED_COUNT, new StatusStore.OfVersion("w0", "0", MOST)),
                new Plans.Case<>(StatusStore.WAITING_COUNT, new StatusStore.Waiting(WaitKind.SIGNAL, MOST)),
                new Plans.Case<>(StatusStore.LISTS_COUNT, MOST),
                new Plans.Case<>(StatusStore.PAUSED_COUNT, MOST),
                new Plans.Case<>(StatusStore.OVERDUE_COUNT, new StatusStore.Overdue(UniversalTimestamp.MAX, MOST)),
                new Plans.Case<>(StatusStore.HELD_COUNT, new StatusStore.Held(id, MOST)),
                new Plans.Case<>(
                        StatusStore.RECENT_OF,
                        new StatusStore.Since(UniversalTimestamp.MIN, UniversalTimestamp.MIN, MOST)),
                new Plans.Case<>(ReasonStore.TASKS, new ReasonStore.Page(id, MOST)),
                new Plans.Case<>(ReasonStore.CHILD, id),
                new Plans.Case<>(ReasonStore.BEFORE, new ReasonStore.Place("w0", "0", 1, UniversalUuid.MAX, MOST)),
                new Plans.Case<>(LimitStore.HELD_BY_TASKS, new LimitStore.Uses("k", UniversalTimestamp.MIN, MOST)),
                new Plans.Case<>(LimitStore.HELD_BY_EXECUTIONS, new LimitStore.Uses("k", UniversalTimestamp.MIN, MOST)),
                new Plans.Case<>(LimitStore.HELD_BY_STARTS, new LimitStore.Uses("k", UniversalTimestamp.MIN, MOST)))) {
            assertBounded(test, database, each);
        }
    }

    /** SQLite searches indexes, or goes through one until its bound; PostgreSQL tells how many rows it has read. */
    private static <P> void assertBounded(TestDatabase test, Database database, Plans.Case<P> each)
            throws SQLException {
        String plan = each.statement().name() + "\n" + Plans.of(test, database, each);
        if (test.backend() == Backend.SQLITE) {
            assertThat(plan.lines().filter(line -> line.matches("SCAN (c|t|e|f|limit_uses)( .*)?")))
                    .as(plan)
                    .allMatch(line -> line.contains(" INDEX "));
            assertThat(plan).contains("INDEX");
            return;
        }
        assertThat(plan).doesNotContain("Seq Scan on task_executions", "Seq Scan on pipeline_executions");
        for (String line : plan.lines().toList()) {
            Matcher done = DONE.matcher(line);
            if (line.contains("Scan") && done.find()) {
                assertThat(Double.parseDouble(done.group(1)) * Integer.parseInt(done.group(2)))
                        .as(plan)
                        .isLessThanOrEqualTo(MOST * 2.0);
            }
            Matcher removed = REMOVED.matcher(line);
            if (removed.find()) {
                assertThat(Integer.parseInt(removed.group(1))).as(plan).isLessThanOrEqualTo(MOST * 2);
            }
        }
    }

    @DatabaseTest
    void versions_and_keys_are_found_one_after_the_other(TestDatabase test) {
        Database database = test.migrated(StatusStore.STATEMENTS);
        fill(test, 4_000);

        assertThat(database.list(StatusStore.UNFINISHED_VERSIONS, 10))
                .extracting(StatusStore.Version::workflow, StatusStore.Version::version)
                .containsExactly(tuple("w0", "0"), tuple("w0", "1"), tuple("w1", "0"), tuple("w1", "1"));
        assertThat(database.list(StatusStore.UNFINISHED_VERSIONS, 2)).hasSize(2);
        assertThat(count(database, StatusStore.UNFINISHED_COUNT, new StatusStore.OfVersion("w0", "1", 100)))
                .isEqualTo(100);
        List<StatusStore.ReadyKeys> keys = database.list(StatusStore.READY_KEYS, new StatusStore.Look(50, 10));
        assertThat(keys).hasSize(50).isSortedAccordingTo(Comparator.comparing(StatusStore.ReadyKeys::keys));
        assertThat(count(database, StatusStore.READY_COUNT, 100_000)).isEqualTo(1_000);
        assertThat(count(database, StatusStore.READY_COUNT, 10)).isEqualTo(10);
        assertThat(count(database, StatusStore.PAUSED_COUNT, 100_000)).isEqualTo(250);
        assertThat(count(database, StatusStore.OVERDUE_COUNT, new StatusStore.Overdue(UniversalTimestamp.MAX, 100_000)))
                .isEqualTo(250);
        assertThat(database.list(StatusStore.READY_VERSIONS, new StatusStore.Look(10, 10)))
                .extracting(StatusStore.ReadyVersion::since)
                .containsOnly(UniversalTimestamp.parse("2026-03-08T07:00:00.000000Z"));
    }

    private static <P> long count(Database database, Select<P, Long> counted, P argument) {
        return database.find(counted, argument).orElseThrow();
    }
}
