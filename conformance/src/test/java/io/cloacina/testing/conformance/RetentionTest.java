package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.InFlight;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RetentionTest {
    private static final Duration KEPT = Duration.ofDays(7);

    private static final WorkflowDefinition WRITING = WorkflowDefinition.named("writing")
            .task("write", context -> {
                context.put("written", context.find("value", Integer.class).orElse(0));
                if (context.find("fails", Boolean.class).orElse(false)) {
                    throw new IllegalStateException("as it should");
                }
            })
            .task("more", context -> context.put("more", true), task -> task.after("write"))
            .build();

    private static TestEngine start(TestDatabase database) {
        return TestEngine.on(database.url())
                .workflow(WRITING)
                .configure(builder -> builder.retention(KEPT))
                .start();
    }

    @DatabaseTest
    void what_ended_long_ago_goes_with_all_its_rows(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            UUID completed = engine.run("writing", Map.of("value", 1)).id();
            UUID failed = engine.run("writing", Map.of("fails", true)).id();
            UUID cancelled = engine.submit("writing", Map.of("value", 3));
            engine.engine().cancel(cancelled);
            recoverSomething(database);

            engine.advance(KEPT);
            assertThat(engine, completed).isCompleted();

            engine.advance(Duration.ofNanos(1_000));
            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
            for (UUID gone : List.of(completed, failed, cancelled)) {
                assertThat(engine.engine().find(gone)).isEmpty();
                assertThatThrownBy(() -> engine.tasks(gone)).isInstanceOf(UnknownExecutionException.class);
            }
            assertThatThrownBy(() -> engine.engine().await(completed)).isInstanceOf(UnknownExecutionException.class);
        }
    }

    /** A row in the history of recoveries: as if a task had been taken from a dead runner. */
    private static void recoverSomething(TestDatabase database) {
        Rows.run(
                database,
                "INSERT INTO recovery_events (id, pipeline_execution_id, task_execution_id, recovery_type,"
                        + " recovered_at, created_at, updated_at) SELECT id, pipeline_execution_id, id, 'task_reset',"
                        + " created_at, created_at, updated_at FROM task_executions ORDER BY id LIMIT 1");
        assertThat(Rows.counts(database)).containsEntry("recovery_events", 1);
    }

    @DatabaseTest
    void what_is_young_or_not_finished_stays_however_old_it_is(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            UUID old = engine.run("writing", Map.of("value", 1)).id();
            UUID paused = engine.submit("writing", Map.of("value", 2));
            engine.engine().pause(paused, "for long");
            UUID later = engine.submit(
                    Submission.of("writing").input(Map.of("value", 3)).delay(KEPT.plusDays(30)));
            UUID justEnded = engine.submit(Submission.of("writing").delay(KEPT));
            engine.advance(KEPT);
            UUID young = engine.run("writing", Map.of("value", 4)).id();

            engine.advance(Duration.ofHours(1));

            assertThat(engine.engine().find(old)).isEmpty();
            assertThat(engine, paused).isPaused();
            assertThat(engine, later).isPending();
            assertThat(engine, justEnded).isCompleted();
            assertThat(engine, young).isCompleted();
            assertThat(engine.engine().context(paused).get("value", Integer.class))
                    .isEqualTo(2);
            engine.engine().resume(paused);
            engine.tick();
            assertThat(engine, paused).isCompleted();
            assertThat(engine.engine().context(young).get("written", Integer.class))
                    .isEqualTo(4);
        }
    }

    @DatabaseTest
    void more_than_a_batch_goes_and_what_lies_between_stays(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            List<UUID> kept = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                engine.engine()
                        .submitAll(IntStream.range(0, 90)
                                .mapToObj(number -> Submission.of("writing").input(Map.of("value", number)))
                                .toList());
                engine.tick();
                UUID paused = engine.submit("writing", Map.of("value", i));
                engine.engine().pause(paused, null);
                kept.add(paused);
            }
            engine.advance(KEPT.plusDays(1));

            assertThat(engine.engine().list(ExecutionQuery.all()))
                    .extracting(execution -> execution.id())
                    .containsExactlyInAnyOrderElementsOf(kept);
            assertThat(Rows.counts(database))
                    .containsEntry("pipeline_executions", 5)
                    .containsEntry("task_executions", 10)
                    .containsEntry("contexts", 5)
                    .containsEntry("task_execution_metadata", 0);
        }
    }

    @DatabaseTest
    void an_idempotency_key_is_free_again_when_its_execution_is_gone(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            UUID first =
                    engine.run(Submission.of("writing").idempotencyKey("k")).id();
            engine.advance(KEPT.plusDays(1));

            UUID second =
                    engine.run(Submission.of("writing").idempotencyKey("k")).id();

            assertThat(second).isNotEqualTo(first);
            assertThat(engine, second).isCompleted();
        }
    }

    @DatabaseTest
    void an_engine_that_keeps_for_ever_removes_nothing(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(WRITING)
                .configure(builder -> builder.keepForever())
                .start()) {
            UUID id = engine.run("writing").id();

            engine.advance(Duration.ofDays(36_500));

            assertThat(engine, id).isCompleted();
        }
    }

    private static TestEngine version(TestDatabase database, ManualClock clock, String version) {
        return TestEngine.on(database.url())
                .clock(clock)
                .workflow(WorkflowDefinition.named("order")
                        .version(version)
                        .task("wait", context -> {}, task -> task.signal("go"))
                        .inFlight(InFlight.PINNED)
                        .build())
                .configure(builder -> builder.retention(KEPT))
                .start();
    }

    private static List<String> versions(TestDatabase database) {
        return Rows.texts(database, "SELECT version FROM workflow_definitions ORDER BY version");
    }

    @DatabaseTest
    void a_definition_goes_when_another_has_replaced_it_and_neither_runner_nor_execution_has_it(TestDatabase database) {
        ManualClock clock = new ManualClock();
        UUID id;
        try (TestEngine engine = version(database, clock, "1")) {
            id = engine.submit("order");
            engine.tick();
            engine.advance(KEPT.multipliedBy(2));
        }
        try (TestEngine engine = version(database, clock, "2")) {
            engine.advance(KEPT.multipliedBy(2));
            assertThat(versions(database)).as("an unfinished execution has it").containsExactly("1", "2");
        }
        try (TestEngine old = version(database, clock, "1")) {
            old.engine().signal(id, "go", null);
            old.tick();
            assertThat(old, id).isCompleted();
            try (TestEngine engine = version(database, clock, "2")) {
                engine.advance(KEPT.minusDays(1));
                assertThat(versions(database)).as("a finished one").containsExactly("1", "2");
                engine.advance(KEPT.multipliedBy(2));
                assertThat(engine.engine().find(id)).isEmpty();
                assertThat(versions(database)).as("a runner").containsExactly("1", "2");
            }
        }
        try (TestEngine engine = version(database, clock, "2")) {
            engine.advance(Duration.ofHours(1));
            assertThat(versions(database)).containsExactly("2");
        }
        clock.advance(KEPT.multipliedBy(2));
        try (TestEngine engine = TestEngine.on(database.url())
                .clock(clock)
                .workflow(WRITING)
                .configure(builder -> builder.retention(KEPT))
                .start()) {
            engine.advance(KEPT.multipliedBy(2));
            assertThat(versions(database)).as("the newest stays").contains("2");
            assertThat(engine.submit("order")).isNotNull();
        }
    }

    @DatabaseTest
    void a_runner_that_starts_keeps_its_definition_young(TestDatabase database) {
        ManualClock clock = new ManualClock();
        version(database, clock, "1").close();
        clock.advance(KEPT.multipliedBy(3));
        version(database, clock, "1").close();
        try (TestEngine engine = version(database, clock, "2")) {
            engine.advance(KEPT.minusDays(1));
            assertThat(versions(database)).containsExactly("1", "2");
            engine.advance(Duration.ofDays(2));
            assertThat(versions(database)).containsExactly("2");
        }
    }
}
