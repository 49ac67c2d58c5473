package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.internal.store.Search;
import io.cloacina.engine.internal.store.SearchStore;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.FailureGroup;
import io.cloacina.engine.model.Failures;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.StatementConformance;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A search reads what an index leaves of its conditions, or a window, however long the history is. */
@Timeout(120)
class SearchPlansTest {
    private static final int MANY = 30_000;
    private static final Search ALL = Search.all(100, 100_000);

    /** One that is filled for each backend, which the tests copy. */
    private static final Map<Backend, TestDatabase> FILLED = new EnumMap<>(Backend.class);

    @AfterAll
    static void remove_what_was_copied() {
        FILLED.values().forEach(TestDatabase::close);
        FILLED.clear();
    }

    private static TestDatabase filled(Backend backend) {
        return TestDatabase.copyOf(FILLED.computeIfAbsent(backend, each -> fill(TestDatabase.create(each))));
    }

    private static Database open(TestDatabase test) {
        return test.open(SearchStore.STATEMENTS, LabelStore.STATEMENTS);
    }

    /** Of each thousand one is failed, one is running, one is labelled so, one has a key. */
    private static TestDatabase fill(TestDatabase test) {
        test.migrated().close();
        boolean sqlite = test.backend() == Backend.SQLITE;
        String numbers = sqlite
                ? "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < " + MANY + ") "
                : "WITH numbers AS (SELECT n FROM generate_series(1, " + MANY + ") n) ";
        String id = sqlite
                ? "unhex(printf('019000000000700080%014x', n))"
                : "CAST('019000000000700080' || lpad(to_hex(n), 14, '0') AS uuid)";
        String now = sqlite ? "'2026-03-08T07:00:00.000000Z'" : "CAST('2026-03-08 07:00:00' AS timestamp)";
        EngineParts.execute(
                test,
                "INSERT INTO pipeline_executions (id, pipeline_name, pipeline_version, status, recovery_attempts,"
                        + " created_at, updated_at, leaves_remaining, tasks_failed, priority, origin, idempotency_key,"
                        + " error_details) " + numbers + "SELECT " + id
                        + ", 'w' || (n % 3), '1', CASE n % 1000 WHEN 1 THEN 'Failed' WHEN 2 THEN 'Running' ELSE"
                        + " 'Completed' END, 0, " + now + ", " + now + ", 0, 0, 0, 'submit',"
                        + " CASE n % 1000 WHEN 3 THEN 'key' || n END, CASE n % 1000 WHEN 1 THEN 'no truck' END"
                        + " FROM numbers");
        EngineParts.execute(
                test,
                "INSERT INTO execution_labels (id, pipeline_execution_id, label_name, label_value) " + numbers
                        + "SELECT " + id + ", " + id + ", 'customer', CASE n % 1000 WHEN 4 THEN 'ada' ELSE 'other' END"
                        + " FROM numbers");
        EngineParts.execute(
                test,
                "INSERT INTO cron_schedules (id, workflow_name, cron_expression, timezone, enabled, catchup_policy,"
                        + " created_at, updated_at, name, catchup_limit, catchup_max_age_seconds) " + numbers
                        + "SELECT " + id + ", 'w1', '* * * * *', 'Z', " + (sqlite ? "1" : "true") + ", 'skip', " + now
                        + ", " + now + ", 'schedule' || n, 1, 60 FROM numbers WHERE n <= 20");
        EngineParts.execute(
                test,
                "INSERT INTO cron_executions (id, schedule_id, pipeline_execution_id, scheduled_time, claimed_at,"
                        + " created_at, updated_at) " + numbers + "SELECT " + id + ", "
                        + id.replace("n)", "1 + n % 20)") + ", " + id + ", "
                        + (sqlite
                                ? "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1704067200 + n, 'unixepoch')"
                                : now + " + n * interval '1 second'")
                        + ", " + now + ", " + now + ", " + now + " FROM numbers");
        EngineParts.execute(test, "ANALYZE");
        return test;
    }

    private static void assertServed(TestDatabase test, Database database, Search search, String index)
            throws SQLException {
        String plan = Plans.of(test, database, new Plans.Case<>(SearchStore.of(search), search));
        assertThat(plan)
                .contains(index)
                .doesNotContain("Seq Scan on pipeline_executions", "Seq Scan on execution_labels", "SCAN ");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void an_index_serves_what_picks_few(Backend backend) throws SQLException {
        try (TestDatabase test = filled(backend);
                Database database = open(test)) {
            Search failed = ALL.in(List.of(ExecutionStatus.FAILED));

            assertServed(test, database, failed, "pipeline_executions_ended_badly_idx");
            assertServed(
                    test,
                    database,
                    ALL.in(List.of(ExecutionStatus.FAILED, ExecutionStatus.CANCELLED)),
                    "pipeline_executions_ended_badly_idx");
            assertServed(test, database, ALL.with(Search.Part.ERROR, "truck"), "pipeline_executions_ended_badly_idx");
            assertServed(
                    test,
                    database,
                    ALL.with(Search.Part.KEY, "key3"),
                    "pipeline_executions_idempotency_key_pipeline_name_key");
            List<UniversalUuid> some = database.list(SearchStore.of(ALL), ALL).stream()
                    .map(execution -> UniversalUuid.of(execution.id()))
                    .toList();
            assertServed(test, database, ALL.among(some), "pipeline_executions");
            assertServed(test, database, ALL.among(List.of(some.get(7))), "pipeline_executions");
            List<UniversalUuid> far = List.of(some.get(7), UniversalUuid.firstAt(Instant.EPOCH));
            assertServed(test, database, ALL.among(far), "pipeline_executions");
            assertThat(database.list(SearchStore.of(ALL.among(far)), ALL.among(far)))
                    .hasSize(1);
            assertThat(database.list(SearchStore.of(ALL.among(some)), ALL.among(some)))
                    .hasSize(100);
            assertServed(test, database, ALL.labelled(Map.of("customer", "ada")), "execution_labels_value_idx");
            assertServed(test, database, failed.labelled(Map.of("customer", "other")), "pipeline_executions_");
            assertServed(test, database, ALL.with(Search.Part.SCHEDULE, "schedule7"), "cron_executions_age_idx");
            assertServed(
                    test,
                    database,
                    ALL.with(Search.Part.WORKFLOW, "w1").in(List.of(ExecutionStatus.RUNNING)),
                    "pipeline_executions_unfinished_idx");
            assertThat(database.list(SearchStore.of(failed), failed)).hasSize(MANY / 1_000);
            assertThat(database.list(
                            SearchStore.of(ALL.labelled(Map.of("customer", "ada"))),
                            ALL.labelled(Map.of("customer", "ada"))))
                    .hasSize(MANY / 1_000);

            // Now it seems that a walk over all ids would soon find one.
            EngineParts.execute(test, "UPDATE pipeline_executions SET status = 'Running' WHERE pipeline_name = 'w2'");
            EngineParts.execute(test, "ANALYZE");
            Search running = Search.all(1, 100_000).in(List.of(ExecutionStatus.RUNNING));
            assertServed(
                    test, database, running.with(Search.Part.WORKFLOW, "w1"), "pipeline_executions_unfinished_idx");
            Search none = running.with(Search.Part.WORKFLOW, "w");
            assertThat(database.list(SearchStore.of(none), none)).isEmpty();
        }
    }

    /** PostgreSQL expects that a range of new ids has one row, and would read the tasks of all of it for each execution of it. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void a_search_for_a_task_looks_each_execution_of_its_window_up_in_the_tasks(Backend backend) throws SQLException {
        try (TestDatabase test = filled(backend);
                Database database = open(test)) {
            fillTasks(test, 1, 100);
            EngineParts.execute(test, "ANALYZE");
            fillTasks(test, 101, MANY);
            for (Search search : List.of(
                    ALL.task("none", List.of()), ALL.task("t", List.of(TaskStatus.FAILED, TaskStatus.SKIPPED)))) {
                String plan = Plans.of(test, database, new Plans.Case<>(SearchStore.of(search), search));

                assertThat(plan)
                        .contains("task_executions_pipeline_execution_id_task_name_key")
                        .containsPattern(
                                test.backend() == Backend.SQLITE
                                        ? "CORRELATED SCALAR SUBQUERY"
                                        : "Index Cond: \\(\\(pipeline_execution_id = t0.id\\) AND \\(task_name")
                        .doesNotContain("hashed", "Seq Scan on task_executions", "Join");
            }
        }
    }

    private static void fillTasks(TestDatabase test, int from, int until) {
        EngineParts.execute(
                test,
                "INSERT INTO task_executions (id, pipeline_execution_id, pipeline_name, pipeline_version, task_name, status,"
                        + " dependencies_remaining, dependencies_unmet, attempt, max_attempts, recovery_attempts, priority,"
                        + " trigger_rules, task_configuration, paused, children_remaining, created_at, updated_at)"
                        + " SELECT id, id, pipeline_name, '1', 't', 'Completed', 0, 0, 1, 1, 0, 0, '{}', '{}', "
                        + (test.backend() == Backend.SQLITE ? "0" : "false")
                        + ", 0, created_at, updated_at FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM"
                        + " pipeline_executions) AS numbered WHERE n BETWEEN " + from + " AND " + until);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void failures_are_read_from_the_last_on(Backend backend) throws SQLException {
        try (TestDatabase test = filled(backend);
                Database database = open(test)) {
            EngineParts.execute(
                    test,
                    "INSERT INTO task_executions (id, pipeline_execution_id, task_name, status, attempt, max_attempts,"
                            + " trigger_rules, task_configuration, recovery_attempts, created_at, updated_at,"
                            + " dependencies_remaining, dependencies_unmet, pipeline_name, pipeline_version, priority,"
                            + " paused, children_remaining, error_details) SELECT id, id, 't', CASE pipeline_name WHEN 'w1'"
                            + " THEN status ELSE 'Completed' END, 1, 1, '{}', '{}', 0, created_at, updated_at, 0, 0,"
                            + " pipeline_name, pipeline_version, 0, "
                            + (test.backend() == Backend.SQLITE ? "0" : "false")
                            + ", 0, error_details FROM pipeline_executions");
            EngineParts.execute(test, "ANALYZE");
            Search error = ALL.with(Search.Part.ERROR, "truck");
            assertThat(Plans.of(test, database, new Plans.Case<>(SearchStore.of(error), error)))
                    .doesNotContain("Seq Scan");
            EngineParts.execute(
                    test,
                    "UPDATE pipeline_executions SET completed_at = created_at, error_details = 'no truck',"
                            + " status = CASE pipeline_name WHEN 'w2' THEN 'Failed' ELSE status END");
            EngineParts.execute(test, "ANALYZE");
            SearchStore.FailedSince latest = new SearchStore.FailedSince(UniversalTimestamp.MIN, 10);
            assertThat(Plans.of(test, database, new Plans.Case<>(SearchStore.FAILURES, latest)))
                    .contains("pipeline_executions_failed_idx", "task_executions_pipeline_execution_id_task_name_key")
                    .doesNotContain("Seq Scan");
            assertThat(database.list(SearchStore.FAILURES, latest)).hasSize(10);
            Failures failures = new History(() -> database).failures(Instant.EPOCH);
            assertThat(failures.groups())
                    .extracting(FailureGroup::error, FailureGroup::executions)
                    .containsExactly(tuple("no truck", 2_000));
            assertThat(failures.isCutShort()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void the_window_of_each_search_is_found_in_an_index(Backend backend) throws SQLException {
        try (TestDatabase test = filled(backend);
                Database database = open(test)) {
            Search search = ALL.with(Search.Part.WORKFLOW, "w1")
                    .with(Search.Part.SCHEDULE, "schedule7")
                    .labelled(Map.of("customer", "other"));
            for (Select<Search, UniversalUuid> each : List.of(
                    SearchStore.WINDOW_OF_ALL,
                    SearchStore.WINDOW_OF_ENDED_BADLY,
                    SearchStore.WINDOW_OF_LABEL,
                    SearchStore.WINDOW_OF_SCHEDULE)) {
                String plan = Plans.of(test, database, new Plans.Case<>(each, search));
                assertThat(plan)
                        .as(each.name())
                        .containsIgnoringCase("index")
                        .doesNotContain("Seq Scan on pipeline", "Seq Scan on cron_executions", "TEMP B-TREE");
            }
            assertThat(database.find(SearchStore.WINDOW_OF_ALL, search)).isPresent();
            assertThat(database.find(SearchStore.WINDOW_OF_LABEL, search)).isPresent();
            assertThat(database.find(SearchStore.WINDOW_OF_ENDED_BADLY, search)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void a_search_that_no_index_serves_looks_through_windows_and_says_where_it_stopped(Backend backend) {
        try (TestDatabase test = filled(backend);
                Database database = open(test)) {
            History history = new History(() -> database);
            ExecutionQuery nothing = ExecutionQuery.all().version("none");

            var cut = history.search(nothing.scan(20_000));
            assertThat(cut.executions()).isEmpty();
            assertThat(cut.isCutShort()).isTrue();
            assertThat(cut.next()).isNotNull();
            var rest = history.search(nothing.scan(100_000).before(Objects.requireNonNull(cut.next())));
            assertThat(rest.isCutShort()).isFalse();
            assertThat(rest.next()).isNull();
            assertThat(history.list(nothing)).isEmpty();
            assertThat(history.count(nothing)).isEqualTo(new Count(0, true));
            assertThat(history.count(nothing.scan(100_000))).isEqualTo(new Count(0, false));
            assertThat(history.count(ExecutionQuery.all().limit(1))).hasToString("10,000+");

            ExecutionQuery rare = ExecutionQuery.all()
                    .workflow("w1")
                    .statuses(List.of(ExecutionStatus.COMPLETED, ExecutionStatus.FAILED))
                    .label("customer", "ada")
                    .limit(1_000);
            assertThat(history.list(rare))
                    .hasSize(MANY / 3_000)
                    .extracting(Execution::workflow)
                    .containsOnly("w1");
            assertThat(history.search(rare).executions()).isEqualTo(history.list(rare));
            ExecutionQuery other = ExecutionQuery.all().workflow("w2").limit(10_000);
            List<Execution> all = new ArrayList<>();
            var page = history.search(other);
            all.addAll(page.executions());
            while (page.next() != null) {
                page = history.search(other.before(page.next()));
                all.addAll(page.executions());
            }
            assertThat(all).hasSize(MANY / 3).doesNotHaveDuplicates();
        }
    }

    /** A statement for each condition, alone and with others: there are more, which are made of the same. */
    static List<Statement<?, ?>> shapes() {
        List<Statement<?, ?>> made = new ArrayList<>();
        for (List<ExecutionStatus> states : List.of(
                List.<ExecutionStatus>of(),
                List.of(ExecutionStatus.FAILED),
                List.of(ExecutionStatus.RUNNING, ExecutionStatus.PENDING),
                List.of(ExecutionStatus.values()))) {
            for (Map<String, String> labels :
                    List.of(Map.<String, String>of(), Map.of("a", "1"), Map.of("a", "1", "b", "2"))) {
                Search base = ALL.in(states).labelled(labels);
                Search everything = base.childrenOf(UniversalUuid.NIL);
                made.add(SearchStore.of(base));
                made.add(SearchStore.of(everything));
                made.add(SearchStore.of(base.task("t", List.of(TaskStatus.FAILED, TaskStatus.READY))));
                for (Search.Part part : Search.Part.values()) {
                    made.add(SearchStore.of(base.with(part, "x")));
                    everything = everything.with(part, "x");
                    made.add(SearchStore.of(everything));
                }
            }
        }
        return made;
    }

    @DatabaseTest
    void each_shape_of_a_search_prepares_with_the_types_that_its_codecs_expect(TestDatabase test) throws SQLException {
        List<Statement<?, ?>> made = shapes();
        assertThat(made)
                .isNotEmpty()
                .allMatch(each -> SearchStore.STATEMENTS.all().contains(each));

        StatementConformance.on(test, test.migrated()).prepares(SearchStore.STATEMENTS);
    }
}
