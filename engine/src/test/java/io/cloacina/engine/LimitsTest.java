package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is too much is refused, and says so. */
@Timeout(60)
class LimitsTest {
    private static WorkflowDefinition one(TaskBody body) {
        return WorkflowDefinition.named("one").version("1").task("t", body).build();
    }

    private static void refused(String code, String saying, ThrowingCallable asking) {
        assertThatThrownBy(asking)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(saying);
    }

    @Test
    void a_workflow_with_more_tasks_than_allowed_is_refused() {
        WorkflowDefinition two = WorkflowDefinition.named("two")
                .task("a", context -> {})
                .task("b", context -> {})
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            refused(
                    "TOO_MANY_TASKS",
                    "workflow 'two' has 2 tasks and at most 1 are allowed",
                    () -> Engine.builder(test.url()).workflow(two).maxTasks(1).start());
            Engine.builder(test.url()).workflow(two).maxTasks(2).start().close();
        }
    }

    @DatabaseTest
    void an_output_that_is_too_large_fails_the_attempt_and_says_so(TestDatabase test) {
        // A character that has two bytes: bytes are counted.
        WorkflowDefinition large = one(context -> context.put("x", "é".repeat(600)));
        try (Engine engine = Engine.builder(test.url())
                .workflow(large)
                .maxContextBytes(1_000)
                .start()) {
            UUID id = engine.submit("one", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error())
                    .contains("what task 't' of execution " + id + " wrote has 1208 bytes as JSON, and at most 1000");
            assertThat(EngineParts.count(test, "SELECT count(*) FROM contexts")).isZero();
        }
    }

    @DatabaseTest
    void an_output_of_just_the_size_is_stored(TestDatabase test) {
        WorkflowDefinition large = one(context -> context.put("x", "a".repeat(992)));
        try (Engine engine = Engine.builder(test.url())
                .workflow(large)
                .maxContextBytes(1_000)
                .start()) {
            assertThat(engine.await(engine.submit("one", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void an_input_that_is_too_large_is_refused_and_stores_nothing(TestDatabase test) {
        try (Engine engine = Engine.builder(test.url())
                .workflow(one(context -> {}))
                .maxContextBytes(1_000)
                .start()) {
            refused(
                    "CONTEXT_TOO_LARGE",
                    "the input of workflow 'one' has 1001 bytes",
                    () -> engine.submit("one", Map.of("x", "a".repeat(993))));
            // One bad member refuses the whole batch.
            refused(
                    "CONTEXT_TOO_LARGE",
                    "the input of workflow 'one'",
                    () -> engine.submitAll(List.of(
                            Submission.of("one"), Submission.of("one").input(Map.of("x", "a".repeat(2_000))))));
            assertThat(engine.list(ExecutionQuery.all())).isEmpty();
        }
    }

    @DatabaseTest
    void who_submits_more_than_may_wait_waits_before_it_is_prepared(TestDatabase test) throws Exception {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        AtomicInteger prepared = new AtomicInteger();
        EngineRuntime runtime = EngineParts.of(
                test,
                settings -> new Settings(
                        settings.slots(),
                        settings.grace(),
                        settings.lease(),
                        settings.pollInterval(),
                        settings.retention(),
                        settings.unavailableAfter(),
                        settings.maxContextBytes(),
                        settings.maxTasks(),
                        2,
                        settings.trust(),
                        settings.packageDirectory(),
                        settings.maxPackageBytes(),
                        settings.listeners(),
                        settings.clock(),
                        settings.host()),
                one(context -> {}));
        ExecutorService callers = Executors.newFixedThreadPool(12);
        try (Engine engine = new Engine(runtime)) {
            // Every lane is held, so that nothing is written.
            for (int i = 0; i < 64; i++) {
                runtime.lanes().add(new Write.Call<>(UniversalUuid.v7(), work -> {
                    holding.countDown();
                    EngineParts.await(held);
                    return true;
                }));
            }
            EngineParts.await(holding);
            Map<String, Object> counting = Map.of("x", new Counted(prepared));
            for (int i = 0; i < 8; i++) {
                callers.execute(() -> engine.submit("one", counting));
            }
            EngineParts.until("two are prepared", () -> prepared.get() == 2);
            EngineParts.until("the others wait", () -> engine.waitingSubmitters() == 6);
            assertThat(prepared).hasValue(2);

            held.countDown();

            EngineParts.until(
                    "all are stored", () -> engine.list(ExecutionQuery.all()).size() == 8);
        } finally {
            held.countDown();
            callers.shutdown();
        }
    }

    /** A value that counts when it is made JSON. */
    static final class Counted {
        private final AtomicInteger times;

        Counted(AtomicInteger times) {
            this.times = times;
        }

        public int getTimes() {
            return times.incrementAndGet();
        }
    }

    @DatabaseTest
    void a_listener_may_submit_however_much_waits_to_be_told(TestDatabase test) {
        WorkflowDefinition.Builder wide = WorkflowDefinition.named("wide");
        for (int i = 0; i < 6_000; i++) {
            wide.task("t" + i, context -> {});
        }
        Engine[] engine = new Engine[1];
        CountDownLatch told = new CountDownLatch(1);
        AtomicInteger submitted = new AtomicInteger();
        try (Engine started = Engine.builder(test.url())
                .workflow(wide.build())
                .workflow(one(context -> {}))
                .slots(64)
                .listener(event -> {
                    if (event.workflow().equals("wide") && submitted.getAndIncrement() < 2_000) {
                        EngineParts.await(told);
                        engine[0].submit("one", Map.of());
                    }
                })
                .start()) {
            engine[0] = started;
            UUID id = started.submit("wide", Map.of());
            told.countDown();
            assertThat(started.await(id, EngineParts.LONG)).isPresent();
        }
    }

    @Test
    void settings_out_of_range_are_refused_by_name() {
        Map<String, Consumer<EngineBuilder>> bad = Map.ofEntries(
                Map.entry("slots must be a number from 1 to 10000, not 0", builder -> builder.slots(0)),
                Map.entry("slots must be a number from 1 to 10000, not 10001", builder -> builder.slots(10_001)),
                Map.entry("grace must not be negative", builder -> builder.grace(Duration.ofMillis(-1))),
                Map.entry(
                        "lease must be at least 1 s, but is 999 ms", builder -> builder.lease(Duration.ofMillis(999))),
                Map.entry("pollInterval must be at least 10 ms", builder -> builder.pollInterval(Duration.ofMillis(9))),
                Map.entry("retention must be at least 1 min", builder -> builder.retention(Duration.ofSeconds(59))),
                Map.entry(
                        "unavailableAfter must be at least 1 min",
                        builder -> builder.unavailableAfter(Duration.ofSeconds(59))),
                Map.entry("maxContextBytes must be a number from 1000", builder -> builder.maxContextBytes(999)),
                Map.entry("maxTasks must be a number from 1 to 100000, not 0", builder -> builder.maxTasks(0)),
                Map.entry(
                        "maxTasks must be a number from 1 to 100000, not 100001", builder -> builder.maxTasks(100_001)),
                Map.entry(
                        "maxWaitingSubmissions must be a number from 1", builder -> builder.maxWaitingSubmissions(0)));
        bad.forEach((saying, setting) ->
                refused("INVALID_SETTING", saying, () -> setting.accept(Engine.builder("sqlite:never-opened.db"))));
    }

    @Test
    void two_workflows_of_one_name_are_refused() {
        refused(
                "DUPLICATE_WORKFLOW",
                "there are two workflows named 'one': one of WorkflowDefinition.named and one of"
                        + " WorkflowDefinition.named; leave one out, or give it another name",
                () -> Engine.builder("sqlite:never-opened.db")
                        .workflow(one(context -> {}))
                        .workflow(one(context -> {})));
    }

    @DatabaseTest
    void durations_longer_than_anything_waits_are_no_error(TestDatabase test) {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE / 1_000_000);
        assertThatCode(() -> {
                    try (Engine engine = Engine.builder(test.url())
                            .workflow(WorkflowDefinition.named("one")
                                    .task("t", context -> {}, task -> task.timeout(endless))
                                    .build())
                            .pollInterval(endless)
                            .grace(endless)
                            .keepForever()
                            .start()) {
                        assertThat(engine.await(engine.submit("one", Map.of())).status())
                                .isEqualTo(ExecutionStatus.COMPLETED);
                    }
                })
                .doesNotThrowAnyException();
    }
}
