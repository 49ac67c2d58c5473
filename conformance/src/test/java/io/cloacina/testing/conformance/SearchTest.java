package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.FailureGroup;
import io.cloacina.engine.model.Failures;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** Executions are found by their labels and by all else that is stored of them. */
@Timeout(60)
class SearchTest {
    private static final ExecutionQuery ALL = ExecutionQuery.all();

    private static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .task("pay", context -> {})
            .task(
                    "ship",
                    context -> {
                        if (context.find("fail", Boolean.class).orElse(false)) {
                            throw new IllegalStateException("no truck for 100%_of");
                        }
                    },
                    task -> task.after("pay"))
            .build();

    private static final WorkflowDefinition RETURN = WorkflowDefinition.named("return")
            .version("2")
            .task("wait", context -> {}, task -> task.signal("parcel"))
            .build();

    private static final WorkflowDefinition PARENT = WorkflowDefinition.named("parent")
            .task("ask", context -> context.output(Map.of()), task -> task.child("order"))
            .build();

    private static TestEngine engine(TestDatabase database) {
        return TestEngine.on(database.url())
                .workflow(ORDER)
                .workflow(RETURN)
                .workflow(PARENT)
                .start();
    }

    private static List<UUID> found(TestEngine engine, ExecutionQuery query) {
        ExecutionPage page = engine.engine().search(query);
        List<Execution> listed = engine.engine().list(query);
        assertThat(page.executions()).isEqualTo(listed);
        assertThat(page.isCutShort()).isFalse();
        return listed.stream().map(Execution::id).toList();
    }

    @DatabaseTest
    void labels_are_stored_told_and_found_and_a_restart_has_them(TestDatabase database) {
        List<EngineEvent> told = new ArrayList<>();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(ORDER)
                .configure(builder -> builder.listener(told::add))
                .start()) {
            UUID ada = engine.submit(
                    Submission.of("order").label("customer", "ada").label("region", "north"));
            UUID bob = engine.submit(
                    Submission.of("order").label("customer", "bob").label("region", "north"));
            UUID nobody = engine.submit("order");
            engine.tick();

            assertThat(engine.engine().labels(ada)).isEqualTo(Map.of("customer", "ada", "region", "north"));
            assertThat(engine.engine().labels(nobody)).isEmpty();
            assertThat(told)
                    .contains(
                            new EngineEvent.ExecutionSubmitted(
                                    ada,
                                    "order",
                                    Map.of("customer", "ada", "region", "north"),
                                    0,
                                    engine.execution(ada).createdAt()),
                            new EngineEvent.ExecutionSubmitted(
                                    nobody,
                                    "order",
                                    Map.of(),
                                    0,
                                    engine.execution(nobody).createdAt()));
            assertThat(found(engine, ALL.label("region", "north"))).containsExactly(bob, ada);
            assertThat(found(engine, ALL.label("region", "north").label("customer", "ada")))
                    .containsExactly(ada);
            assertThat(found(engine, ALL.label("region", "ada"))).isEmpty();
            assertThat(found(engine, ALL.label("region", "north").status(ExecutionStatus.COMPLETED)))
                    .containsExactly(bob, ada);
            assertThat(found(engine, ALL.label("region", "north").limit(1).before(bob)))
                    .containsExactly(ada);

            UUID again = engine.engine().restart(Restart.of(ada));
            assertThat(engine.engine().labels(again)).isEqualTo(engine.engine().labels(ada));
            assertThat(found(engine, ALL.label("customer", "ada"))).containsExactly(again, ada);
        }
    }

    @DatabaseTest
    void a_label_that_no_database_keeps_is_refused_and_the_last_value_of_a_name_counts(TestDatabase database) {
        Submission given = Submission.of("order").label("a", "1").label("a", "2");
        assertThat(given.labels()).isEqualTo(Map.of("a", "2"));
        for (String name : List.of("", " ", "x".repeat(61), "a\u0000b", "a\nb", "\ud800")) {
            assertThatThrownBy(() -> given.label(name, "v"))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_LABEL"));
        }
        for (String value : List.of("", "x".repeat(201), "a\u0000b", "\udfff")) {
            assertThatThrownBy(() -> given.label("n", value))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_LABEL"));
        }
        Submission full = given;
        for (int i = 1; i < Submission.MAX_LABELS; i++) {
            full = full.label("n" + i, "Ünïcødé 🚚 '; DROP TABLE contexts; -- " + i);
        }
        Submission most = full;
        assertThatThrownBy(() -> most.label("more", "v")).hasMessageContaining("at most 16");
        try (TestEngine engine = engine(database)) {
            UUID id = engine.submit(most);

            assertThat(engine.engine().labels(id)).isEqualTo(most.labels());
            assertThat(found(engine, ALL.label("n3", "Ünïcødé 🚚 '; DROP TABLE contexts; -- 3")))
                    .containsExactly(id);
            assertThatThrownBy(() -> engine.engine().labels(UUID.randomUUID()))
                    .isInstanceOf(UnknownExecutionException.class);
        }
    }

    @DatabaseTest
    void a_key_that_was_used_keeps_the_labels_of_the_first_submission(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            UUID first =
                    engine.submit(Submission.of("order").idempotencyKey("k").label("customer", "ada"));
            UUID second =
                    engine.submit(Submission.of("order").idempotencyKey("k").label("customer", "bob"));

            assertThat(second).isEqualTo(first);
            assertThat(engine.engine().labels(first)).isEqualTo(Map.of("customer", "ada"));
        }
    }

    @DatabaseTest
    void each_condition_leaves_what_fulfils_it(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            Instant begin = Instant.now();
            UUID good = engine.submit(Submission.of("order").idempotencyKey("4711"));
            UUID bad = engine.submit(Submission.of("order").input(Map.of("fail", true)));
            UUID waiting = engine.submit(Submission.of("return").idempotencyKey("4711"));
            UUID parent = engine.submit("parent");
            engine.tick();
            UUID child = found(engine, ALL.parent(parent)).get(0);
            engine.tick();

            assertThat(found(engine, ALL)).containsExactly(child, parent, waiting, bad, good);
            assertThat(found(engine, ALL.workflow("order"))).containsExactly(child, bad, good);
            assertThat(found(engine, ALL.workflow("order").status(ExecutionStatus.FAILED)))
                    .containsExactly(bad);
            assertThat(found(engine, ALL.version("2"))).containsExactly(waiting);
            assertThat(found(engine, ALL.idempotencyKey("4711"))).containsExactly(waiting, good);
            assertThat(found(engine, ALL.idempotencyKey("4711").workflow("order")))
                    .containsExactly(good);
            assertThat(found(engine, ALL.statuses(List.of(ExecutionStatus.FAILED, ExecutionStatus.RUNNING))))
                    .containsExactly(waiting, bad);
            assertThat(found(engine, ALL.statuses(List.of()))).hasSize(5);
            assertThat(found(engine, ALL.unfinished())).containsExactly(waiting);
            assertThat(engine.engine().count(ALL.limit(1))).isEqualTo(new Count(5, false));
            assertThat(engine.engine().count(ALL.workflow("order"))).isEqualTo(new Count(3, false));
            assertThat(engine.engine().count(ALL.workflow("none")).isZero()).isTrue();
            assertThat(found(engine, ALL.workflow("return").status(ExecutionStatus.RUNNING)))
                    .containsExactly(waiting);
            assertThat(found(engine, ALL.workflow("order").status(ExecutionStatus.RUNNING)))
                    .isEmpty();
            assertThat(found(engine, ALL.error("ship"))).containsExactly(bad);
            assertThat(found(engine, ALL.error("Ship"))).isEmpty();
            assertThat(found(engine, ALL.error("ship").status(ExecutionStatus.COMPLETED)))
                    .isEmpty();
            assertThat(found(engine, ALL.task("ship", List.of()))).containsExactly(child, bad, good);
            assertThat(found(engine, ALL.task("ship", List.of(TaskStatus.FAILED))))
                    .containsExactly(bad);
            assertThat(found(engine, ALL.task("wait", List.of(TaskStatus.WAITING, TaskStatus.FAILED))))
                    .containsExactly(waiting);
            assertThat(found(engine, ALL.parent(good))).isEmpty();
            assertThat(found(engine, ALL.since(begin))).hasSize(5);
            assertThat(found(engine, ALL.until(begin))).isEmpty();
            assertThat(found(engine, ALL.since(Instant.now().plusSeconds(3600))))
                    .isEmpty();
            assertThat(found(
                            engine,
                            ALL.since(Instant.parse("1969-01-01T00:00:00Z"))
                                    .until(Instant.parse("9999-12-31T00:00:00Z"))))
                    .hasSize(5);
            assertThat(found(engine, ALL.idBeginning(bad.toString()))).containsExactly(bad);
            assertThat(found(engine, ALL.idBeginning(bad.toString().substring(0, 30))))
                    .contains(bad);
            assertThat(found(engine, ALL.idBeginning("0"))).hasSize(5);
            assertThat(found(engine, ALL.idBeginning("f"))).isEmpty();
        }
    }

    @DatabaseTest
    void a_text_of_errors_is_taken_as_it_is_written(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            UUID bad = engine.submit(Submission.of("order").input(Map.of("fail", true)));
            engine.tick();

            String error = engine.task(bad, "ship").error();
            assertThat(error).isNotNull();
            assertThat(found(engine, ALL.error(error.substring(0, 100)))).containsExactly(bad);
            assertThat(found(engine, ALL.error("100%_of"))).containsExactly(bad);
            assertThat(found(engine, ALL.error("IllegalStateException").workflow("order")))
                    .containsExactly(bad);
            for (String pattern : List.of("%", "100_of", "100%%of", "'", "\\", "*")) {
                assertThat(found(engine, ALL.error(pattern))).as(pattern).hasSize(error.contains(pattern) ? 1 : 0);
            }
        }
    }

    @DatabaseTest
    void failures_are_counted_by_their_errors(TestDatabase database) {
        WorkflowDefinition other = WorkflowDefinition.named("other")
                .task("send", context -> {
                    throw new IllegalStateException("no truck for 100%_of");
                })
                .task("scan", context -> {
                    throw new IllegalArgumentException("a line\nand another");
                })
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(ORDER).workflow(other).start()) {
            Instant begin = engine.clock().instant();
            assertThat(engine.engine().failures(begin).groups()).isEmpty();
            engine.submit("order");
            engine.submit(Submission.of("order").input(Map.of("fail", true)));
            engine.tick();
            engine.advance(Duration.ofHours(1));
            Instant later = engine.clock().instant();
            UUID newest = engine.run("other").id();

            Failures all = engine.engine().failures(begin);
            assertThat(all.isCutShort()).isFalse();
            assertThat(all.groups())
                    .containsExactly(
                            new FailureGroup(
                                    "java.lang.IllegalStateException: no truck for 100%_of",
                                    2, List.of("order", "other"), List.of("send", "ship"), begin, later, newest),
                            new FailureGroup(
                                    "java.lang.IllegalArgumentException: a line",
                                    1,
                                    List.of("other"),
                                    List.of("scan"),
                                    later,
                                    later,
                                    newest));
            assertThat(engine.engine().failures(later).groups())
                    .extracting(FailureGroup::executions)
                    .containsExactly(1, 1);
            assertThat(engine.engine().failures(later.plusNanos(1_000)).groups())
                    .isEmpty();
        }
    }

    @DatabaseTest
    void failures_that_differ_by_ids_and_elements_only_are_one_group(TestDatabase database) {
        WorkflowDefinition each = WorkflowDefinition.named("each")
                .task(
                        "send",
                        context -> {
                            throw new IllegalStateException(
                                    "request " + context.executionId() + " of " + context.taskName() + " is lost");
                        },
                        task -> task.forEach("parcels"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(each).start()) {
            Instant begin = engine.clock().instant();
            engine.run("each", Map.of("parcels", List.of(1, 2)));
            engine.run("each", Map.of("parcels", List.of(3)));

            assertThat(engine.engine().failures(begin).groups()).singleElement().satisfies(group -> {
                assertThat(group.error()).isEqualTo("java.lang.IllegalStateException: request … of send[…] is lost");
                assertThat(group.executions()).isEqualTo(2);
                assertThat(group.tasks()).containsExactly("send");
            });
        }
    }

    @DatabaseTest
    void what_a_schedule_has_submitted_is_found_by_its_name(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.engine().schedules().put(Schedule.of("hourly", "order").cron("0 * * * *"));
            engine.submit("order");
            engine.advance(Duration.ofHours(2));
            engine.tick();

            List<UUID> ofSchedule = engine.engine().schedules().history("hourly", 10).stream()
                    .map(occurrence -> occurrence.executionId())
                    .toList();
            assertThat(ofSchedule).isNotEmpty();
            assertThat(found(engine, ALL.schedule("hourly"))).containsExactlyElementsOf(ofSchedule);
            assertThat(found(engine, ALL.schedule("daily"))).isEmpty();
        }
    }

    @DatabaseTest
    void pages_of_a_search_neither_repeat_nor_miss_an_execution(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<Submission> all = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                all.add(Submission.of(i % 2 == 0 ? "order" : "return").label("n", String.valueOf(i % 5)));
            }
            engine.engine().submitAll(all);
            for (ExecutionQuery query : List.of(ALL.workflow("order"), ALL.label("n", "3"), ALL)) {
                List<UUID> whole = found(engine, query);
                List<UUID> paged = new ArrayList<>();
                ExecutionPage page = engine.engine().search(query.limit(3));
                while (true) {
                    page.executions().forEach(each -> paged.add(each.id()));
                    if (page.next() == null) {
                        break;
                    }
                    page = engine.engine().search(query.limit(3).before(page.next()));
                }
                assertThat(paged).isEqualTo(whole);
            }
        }
    }

    @DatabaseTest
    void the_labels_of_an_execution_go_with_it(TestDatabase database) {
        Duration kept = Duration.ofDays(1);
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(ORDER)
                .configure(builder -> builder.retention(kept))
                .start()) {
            UUID id =
                    engine.run(Submission.of("order").label("customer", "ada")).id();
            engine.advance(kept.plusHours(2));

            assertThat(engine.engine().find(id)).isEmpty();
            assertThat(Rows.texts(database, "SELECT label_name FROM execution_labels"))
                    .isEmpty();
            assertThat(found(engine, ALL.label("customer", "ada"))).isEmpty();
        }
    }
}
