package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all processes have stored, as a stream. */
@Timeout(120)
class EventsTest {
    private static final EventCursor BEGINNING = EventCursor.beginning();
    private static final Duration SETTLED = Duration.ofSeconds(3);
    private static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .version("1")
            .task("check", context -> {})
            .task(
                    "ship",
                    context -> {
                        if (context.find("fail", Boolean.class).orElse(false)) {
                            throw new IllegalStateException("no truck");
                        }
                    },
                    task -> task.after("check"))
            .task("thank", context -> {}, task -> task.after("ship"))
            .build();

    private static TestEngine engine(TestDatabase database) {
        TestEngine engine = TestEngine.on(database.url()).workflow(ORDER).start();
        engine.engine().events().enable();
        return engine;
    }

    private static List<StoredEvent> all(TestEngine engine, EventCursor after, int limit) {
        List<StoredEvent> all = new ArrayList<>();
        EventPage page = engine.engine().events().after(after, limit);
        while (!page.events().isEmpty()) {
            assertThat(page.next())
                    .isEqualTo(page.events().get(page.events().size() - 1).cursor());
            all.addAll(page.events());
            EventPage next = engine.engine().events().after(page.next(), limit);
            assertThat(page.isMore()).isEqualTo(!next.events().isEmpty());
            page = next;
        }
        return all;
    }

    private static String told(StoredEvent event) {
        if (event instanceof StoredEvent.TaskEnded task) {
            return task.taskName() + " " + task.status() + " " + task.attempt();
        }
        return event instanceof StoredEvent.ExecutionEnded ended ? "ended " + ended.status() : "submitted";
    }

    @DatabaseTest
    void it_tells_what_was_submitted_and_what_has_ended_in_this_order(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            UUID good = engine.run("order").id();
            engine.advance(SETTLED);
            UUID bad = engine.run("order", Map.of("fail", true)).id();
            engine.advance(SETTLED);

            List<StoredEvent> all = all(engine, BEGINNING, 100);
            assertThat(all.subList(0, 5)).allSatisfy(each -> {
                assertThat(each.executionId()).isEqualTo(good);
                assertThat(each.workflow()).isEqualTo("order");
                assertThat(each.version()).isEqualTo("1");
            });
            assertThat(all.subList(0, 5))
                    .extracting(EventsTest::told)
                    .containsExactly(
                            "submitted",
                            "check COMPLETED 1",
                            "ship COMPLETED 1",
                            "thank COMPLETED 1",
                            "ended COMPLETED");
            assertThat(all.subList(5, all.size()))
                    .allSatisfy(each -> assertThat(each.executionId()).isEqualTo(bad));
            assertThat(all.subList(5, all.size()))
                    .extracting(EventsTest::told)
                    .contains("ship FAILED 1", "thank SKIPPED 0", "ended FAILED");
            assertThat(all.get(0).at()).isEqualTo(ManualClock.DEFAULT_START);
            assertThat(all.get(4)).isInstanceOfSatisfying(StoredEvent.ExecutionEnded.class, ended -> {
                assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(ended.submittedAt()).isEqualTo(ManualClock.DEFAULT_START);
            });
            assertThat(all.get(1))
                    .isInstanceOfSatisfying(
                            StoredEvent.TaskEnded.class,
                            task -> assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED));
        }
    }

    @DatabaseTest
    void pages_neither_repeat_nor_miss_any_however_small_they_are(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            for (int i = 0; i < 3; i++) {
                engine.run("order");
            }
            engine.advance(SETTLED);

            List<StoredEvent> all = all(engine, BEGINNING, 100);
            assertThat(all).hasSize(15).doesNotHaveDuplicates();
            assertThat(all(engine, BEGINNING, 1)).isEqualTo(all);
            assertThat(all(engine, BEGINNING, 4)).isEqualTo(all);
            EventCursor stored = EventCursor.parse(all.get(6).cursor().toString());
            assertThat(all(engine, stored, 100)).isEqualTo(all.subList(7, 15));
            assertThat(all(engine, EventCursor.since(ManualClock.DEFAULT_START), 100))
                    .isEqualTo(all);
            assertThat(all(engine, EventCursor.since(ManualClock.DEFAULT_START.plusMillis(1)), 100))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void a_page_without_a_positive_limit_is_refused(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            assertThatThrownBy(() -> engine.engine().events().after(BEGINNING, 0))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_LIMIT"))
                    .hasMessage("a limit must be from 1 to 10000, not 0");
        }
    }

    @DatabaseTest
    void an_event_is_told_when_nothing_earlier_can_come(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.run("order");
            engine.advance(Duration.ofSeconds(1));
            assertThat(engine.engine().events().after(BEGINNING, 10))
                    .isEqualTo(new EventPage(List.of(), BEGINNING, false));

            engine.advance(SETTLED);
            assertThat(engine.engine().events().after(BEGINNING, 10).events()).hasSize(5);
        }
    }

    @DatabaseTest
    void an_end_that_a_retry_undid_before_it_was_read_is_not_told_but_the_next_one_is(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            UUID id = engine.run("order", Map.of("fail", true)).id();
            engine.advance(SETTLED);
            List<StoredEvent> first = all(engine, BEGINNING, 100);
            engine.engine().retry(id);
            engine.tick();
            engine.advance(SETTLED);

            List<StoredEvent> second = all(engine, first.get(first.size() - 1).cursor(), 100);
            assertThat(second)
                    .extracting(EventsTest::told)
                    .contains("ended FAILED")
                    .doesNotContain("check COMPLETED 1");
            assertThat(all(engine, BEGINNING, 100))
                    .filteredOn(StoredEvent.ExecutionEnded.class::isInstance)
                    .hasSize(1);
            engine.engine().delete(id);
            assertThat(all(engine, BEGINNING, 100)).isEmpty();
        }
    }

    @DatabaseTest
    void the_stream_is_off_until_it_is_enabled_and_the_schema_is_as_defined_either_way(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(ORDER).start();
                Database opened = Database.open(database.url())) {
            engine.run("order");
            engine.advance(SETTLED);
            assertThat(engine.engine().events().isEnabled()).isFalse();
            assertThatThrownBy(() -> engine.engine().events().after(BEGINNING, 10))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("EVENTS_OFF"))
                    .hasMessageContaining("cloacina events --enable");
            assertThat(SchemaCheck.differences(opened)).isEmpty();

            engine.engine().events().enable();
            engine.engine().events().enable();
            assertThat(engine.engine().events().isEnabled()).isTrue();
            assertThat(SchemaCheck.differences(opened)).isEmpty();
            assertThat(engine.engine().events().after(BEGINNING, 10).events()).hasSize(5);

            engine.engine().events().disable();
            engine.engine().events().disable();
            assertThat(engine.engine().events().isEnabled()).isFalse();
            assertThat(SchemaCheck.differences(opened)).isEmpty();
        }
    }

    @DatabaseTest
    void an_index_of_that_name_that_is_another_one_is_a_difference(TestDatabase database) {
        try (TestEngine engine = engine(database);
                Database opened = Database.open(database.url())) {
            engine.engine().events().disable();
            Rows.execute(database, "CREATE INDEX pipeline_executions_ended_idx ON pipeline_executions (created_at)");

            assertThat(SchemaCheck.differences(opened).toString()).contains("pipeline_executions_ended_idx");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.000000Z_3_00000000-0000-0000-0000-000000000000",
                "2026-13-02T03:04:05.000000Z_0_00000000-0000-0000-0000-000000000000",
                "2026-01-02T03:04:05.000000Z_0_00000000-0000-0000-0000-00000000000g",
                "2026-01-02T03:04:05.000000Z_0_00000000-0000-0000-0000-000000000000\n",
                "2026-01-02T03:04:05.000000Z_0_00000000-0000-0000-0000-000000000000_'; DROP TABLE runners"
            })
    void a_text_that_is_not_a_cursor_is_refused(String text) {
        assertThatThrownBy(() -> EventCursor.parse(text))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_CURSOR"));
    }

    @DatabaseTest
    void cursors_of_the_first_and_of_the_last_instant_are_places_as_well(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.run("order");
            engine.advance(SETTLED);

            EventCursor last = EventCursor.since(Instant.parse("9999-12-31T23:59:59.999999Z"));
            assertThat(EventCursor.parse(last.toString())).isEqualTo(last).hasSameHashCodeAs(last);
            assertThat(engine.engine().events().after(last, 10_000).events()).isEmpty();
            assertThat(engine.engine().events().after(BEGINNING, 10_000).events())
                    .hasSize(5);
        }
    }
}
