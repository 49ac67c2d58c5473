package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.ManualEngine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.lang.reflect.Proxy;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An engine is built, started, stopped, perhaps started again, and closed for good. */
class LifecycleTest {
    private static final WorkflowDefinition ONE =
            WorkflowDefinition.named("one").task("t", context -> {}).build();

    private static final UUID SOME = new UUID(1, 2);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void building_does_not_touch_the_database() {
        try (Engine engine =
                Engine.builder("sqlite:/no/such/folder/at/all.db").workflow(ONE).build()) {
            assertThat(engine.isRunning()).isFalse();
            assertThat(engine.id()).isEmpty();
            assertThatThrownBy(engine::start).isInstanceOf(DatabaseException.class);
            assertRefusesEverything(engine, "ENGINE_NOT_RUNNING");
        }
    }

    @Test
    void what_is_wrong_without_a_database_is_refused_when_it_is_built() {
        WorkflowDefinition large = WorkflowDefinition.named("large")
                .task("one", context -> {})
                .task("two", context -> {})
                .build();

        assertThatThrownBy(() -> Engine.builder("sqlite::memory:")
                        .maxTasks(1)
                        .workflow(large)
                        .build())
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("TOO_MANY_TASKS"));
    }

    @DatabaseTest
    void nothing_works_before_the_start_and_everything_after(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url()).workflow(ONE).build()) {
            assertRefusesEverything(engine, "ENGINE_NOT_RUNNING");

            assertThat(engine.start()).isSameAs(engine);

            assertThat(engine.isRunning()).isTrue();
            assertThat(engine.runners())
                    .extracting(Runner::id)
                    .containsExactly(engine.id().orElseThrow());
            assertThat(engine.await(engine.submit("one", Map.of()), LONG)).isPresent();
        }
    }

    @DatabaseTest
    void starting_twice_is_starting_once(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url()).workflow(ONE).start()) {
            UUID id = engine.id().orElseThrow();

            engine.start();

            assertThat(engine.id()).contains(id);
            assertThat(engine.runners()).hasSize(1);
        }
    }

    @DatabaseTest
    void a_stopped_engine_refuses_everything_and_starts_again_as_another_runner(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url()).workflow(ONE).start()) {
            UUID before = engine.id().orElseThrow();
            UUID execution = engine.submit("one", Map.of());
            engine.await(execution);

            engine.stop();
            engine.stop();

            assertThat(engine.isRunning()).isFalse();
            assertThat(engine.id()).isEmpty();
            assertRefusesEverything(engine, "ENGINE_NOT_RUNNING");

            engine.start();

            assertThat(engine.id())
                    .isPresent()
                    .hasValueSatisfying(id -> assertThat(id).isNotEqualTo(before));
            assertThat(engine.runners()).hasSize(1);
            assertThat(engine.find(execution)).isPresent();
            assertThat(engine.await(engine.submit("one", Map.of()), LONG)).isPresent();
        }
    }

    @DatabaseTest
    void what_a_stop_gave_back_runs_after_the_next_start(TestDatabase database) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        WorkflowDefinition hanging = WorkflowDefinition.named("hanging")
                .task("t", context -> {
                    if (running.getCount() > 0) {
                        running.countDown();
                        never.await();
                    }
                })
                .build();
        try (Engine engine = Engine.builder(database.url())
                .workflow(hanging)
                .grace(Duration.ZERO)
                .start()) {
            UUID id = engine.submit("hanging", Map.of());
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

            engine.stop();
            engine.start();

            assertThat(engine.await(id, LONG))
                    .hasValueSatisfying(done -> assertThat(done.isFinished()).isTrue());
        }
    }

    @DatabaseTest
    void a_closed_engine_refuses_everything_and_does_not_start_again(TestDatabase database) {
        Engine engine = Engine.builder(database.url()).workflow(ONE).start();
        engine.close();
        engine.close();
        engine.stop();

        assertThat(engine.isRunning()).isFalse();
        assertRefusesEverything(engine, "ENGINE_CLOSED");
        assertCode(engine::start, "ENGINE_CLOSED");
        assertThatThrownBy(engine::runners).hasMessage("the engine is closed");
    }

    @Test
    void an_engine_that_was_never_started_is_closed_too() {
        Engine engine = Engine.builder("sqlite::memory:").build();

        engine.close();

        assertCode(engine::start, "ENGINE_CLOSED");
    }

    @DatabaseTest
    void an_engine_on_a_database_of_the_application_stops_and_starts_and_leaves_it_open(TestDatabase database) {
        try (Database own = Database.open(database.url());
                Engine engine = Engine.builder(own).workflow(ONE).build()) {
            for (int i = 0; i < 3; i++) {
                engine.start();
                assertThat(engine.await(engine.submit("one", Map.of()), LONG)).isPresent();
                engine.stop();
                assertRefusesEverything(engine, "ENGINE_NOT_RUNNING");
            }
        }
    }

    @DatabaseTest
    void a_start_that_failed_can_be_tried_again(TestDatabase database) {
        AtomicBoolean isAway = new AtomicBoolean(true);
        DataSource source = (DataSource) Proxy.newProxyInstance(
                LifecycleTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("getConnection") || isAway.get()) {
                        throw new SQLFeatureNotSupportedException(method.getName());
                    }
                    return database.connect();
                });
        try (Engine engine = Engine.builder(source).workflow(ONE).build()) {
            assertThatThrownBy(engine::start).isInstanceOf(DatabaseException.class);
            assertThat(engine.isRunning()).isFalse();

            isAway.set(false);
            engine.start();

            assertThat(engine.await(engine.submit("one", Map.of()), LONG)).isPresent();
        }
    }

    @DatabaseTest
    void a_body_may_use_the_engine_before_its_start_has_returned_and_stop_it(TestDatabase database) throws Exception {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        CompletableFuture<Engine> engine = new CompletableFuture<>();
        WorkflowDefinition stopping = WorkflowDefinition.named("stopping")
                .task("t", context -> {
                    seen.complete(engine.join().find(context.executionId()).isPresent());
                    engine.join().stop();
                })
                .build();
        try (Engine client =
                Engine.builder(migrated(database)).workflow(stopping).client().start()) {
            client.submit("stopping", Map.of());
            engine.complete(Engine.builder(database.url()).workflow(stopping).build());

            engine.join().start();

            assertThat(seen.get(30, TimeUnit.SECONDS)).isTrue();
            engine.join().stop();
            assertThat(engine.join().isRunning()).isFalse();
            engine.join().close();
        }
    }

    @DatabaseTest
    void a_client_has_the_same_life_and_no_id(TestDatabase database) {
        try (Engine client =
                Engine.builder(migrated(database)).workflow(ONE).client().build()) {
            assertRefusesEverything(client, "ENGINE_NOT_RUNNING");

            client.start();

            assertThat(client.isRunning()).isTrue();
            assertThat(client.id()).isEmpty();
            UUID id = client.submit("one", Map.of());
            client.stop();
            assertRefusesEverything(client, "ENGINE_NOT_RUNNING");
            assertThat(client.start().find(id)).isPresent();
        }
    }

    @DatabaseTest
    void a_manual_engine_has_the_same_life(TestDatabase database) {
        try (ManualEngine manual = Engine.builder(database.url()).workflow(ONE).buildManual()) {
            assertCode(manual::tick, "ENGINE_NOT_RUNNING");
            assertRefusesEverything(manual.engine(), "ENGINE_NOT_RUNNING");

            manual.start();
            UUID id = manual.engine().submit("one", Map.of());
            manual.engine().stop();
            assertCode(manual::tick, "ENGINE_NOT_RUNNING");
            manual.start().tick();

            assertThat(manual.engine().find(id)).map(Execution::isFinished).contains(true);
        }
    }

    @Test
    void a_client_cannot_be_driven_manually() {
        EngineBuilder builder = Engine.builder("sqlite::memory:").client();

        assertCode(builder::buildManual, "INVALID_SETTING");
    }

    @DatabaseTest
    void schedules_and_packages_of_an_engine_are_the_same_across_starts(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url()).workflow(ONE).build()) {
            var schedules = engine.schedules();
            assertCode(schedules::list, "ENGINE_NOT_RUNNING");
            assertCode(() -> engine.packages().list(), "ENGINE_NOT_RUNNING");
            engine.start();
            schedules.put(Schedule.of("nightly", "one").cron("0 3 * * *"));
            engine.stop();
            engine.start();

            assertThat(schedules.find("nightly")).isPresent();
        }
    }

    private static String migrated(TestDatabase database) {
        Engine.builder(database.url()).start().close();
        return database.url();
    }

    private static void assertRefusesEverything(Engine engine, String code) {
        List<ThrowingCallable> calls = List.of(
                () -> engine.submit("one", Map.of()),
                () -> engine.submit(Submission.of("one")),
                () -> engine.submitAll(List.of(Submission.of("one"))),
                () -> engine.submitAll(List.of()),
                () -> engine.find(SOME),
                () -> engine.list(ExecutionQuery.all()),
                () -> engine.count(ExecutionQuery.all()),
                () -> engine.tasks(SOME),
                () -> engine.attempts(SOME),
                () -> engine.recoveries(SOME),
                () -> engine.context(SOME),
                () -> engine.await(SOME),
                () -> engine.await(SOME, Duration.ZERO),
                () -> engine.signal(SOME, "s", null),
                () -> engine.signal(SOME, "s", null, "key"),
                () -> engine.cancel(SOME),
                () -> engine.pause(SOME, null),
                () -> engine.resume(SOME),
                () -> engine.retry(SOME),
                engine::workflows,
                engine::runners,
                () -> engine.schedules().list(),
                () -> engine.packages().list());
        calls.forEach(call -> assertCode(call, code));
    }

    private static void assertCode(ThrowingCallable call, String code) {
        CloacinaException thrown = catchThrowableOfType(CloacinaException.class, call);
        assertThat(thrown).isNotNull();
        assertThat(thrown.code()).as(thrown.getMessage()).isEqualTo(code);
    }
}
