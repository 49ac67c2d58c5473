package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskOptions;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** Durable sleep, and signals. */
@Timeout(60)
class WaitsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static TestEngine engine(TestDatabase database, WorkflowDefinition... workflows) {
        TestEngine.Builder builder = TestEngine.on(database.url());
        for (WorkflowDefinition workflow : workflows) {
            builder.workflow(workflow);
        }
        return builder.start();
    }

    private static WorkflowDefinition sleeping(Consumer<TaskOptions> how) {
        return WorkflowDefinition.named("sleeping")
                .task("before", context -> context.put("due", context.now().plus(HOUR)))
                .task("sleep", context -> context.output("awake"), task -> how.accept(task.after("before")))
                .task("after", context -> {}, task -> task.after("sleep"))
                .build();
    }

    private static void sleepsAnHour(TestDatabase database, Consumer<TaskOptions> how) {
        try (TestEngine engine = engine(database, sleeping(how))) {
            UUID id = engine.submit("sleeping");
            engine.tick();
            Instant due = engine.clock().instant().plus(HOUR);
            assertThat(engine, id).isRunning().hasTask("sleep").waiting().dueAt(due);
            engine.advance(HOUR.minusNanos(1_000));
            assertThat(engine, id).isRunning().hasTask("sleep").waiting();
            engine.advance(Duration.ofNanos(1_000));
            assertThat(engine, id).isCompleted().hasOnlyCompletedTasks();
            assertThat(engine.engine().context(id).get("sleep", String.class)).isEqualTo("awake");
        }
    }

    @DatabaseTest
    void a_task_sleeps_for_a_time(TestDatabase database) {
        sleepsAnHour(database, task -> task.sleep(HOUR));
    }

    @DatabaseTest
    void a_task_sleeps_until_an_instant_of_its_data(TestDatabase database) {
        sleepsAnHour(database, task -> task.sleepUntil(context -> context.get("due", Instant.class)));
    }

    @DatabaseTest
    void a_retry_does_not_sleep_again(TestDatabase database) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("once")
                .version("1")
                .task(
                        "sleep",
                        context -> {
                            if (runs.incrementAndGet() < 3) {
                                throw new IllegalStateException("not yet");
                            }
                        },
                        task -> task.sleep(HOUR).retry(RetryPolicy.fixed(3, Duration.ofMinutes(1))))
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            UUID id = engine.submit("once");
            engine.tick();
            assertThat(runs).hasValue(0);
            engine.advance(HOUR);
            assertThat(runs).hasValue(1);
            engine.advance(Duration.ofMinutes(1));
            assertThat(runs).hasValue(2);
            engine.advance(Duration.ofMinutes(1));
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void a_sleeper_wakes_in_another_process_and_only_once(TestDatabase database) {
        WorkflowDefinition workflow = sleeping(task -> task.sleep(HOUR));
        TestEngine one = engine(database, workflow);
        UUID id = one.submit("sleeping");
        one.tick();
        one.close();

        try (TestEngine other = TestEngine.on(database.url())
                .clock(one.clock())
                .workflow(workflow)
                .start()) {
            other.tick();
            assertThat(other, id).hasTask("sleep").waiting();
            other.advance(HOUR);
            assertThat(other, id).isCompleted().hasTask("sleep").onAttempt(1);
        }
    }

    @DatabaseTest
    void a_sleeper_is_cancelled_and_paused_like_any_task(TestDatabase database) {
        try (TestEngine engine = engine(database, sleeping(task -> task.sleep(HOUR)))) {
            UUID cancelled = engine.submit("sleeping");
            UUID paused = engine.submit("sleeping");
            engine.tick();
            engine.engine().cancel(cancelled);
            engine.engine().pause(paused, null);
            engine.advance(HOUR.multipliedBy(2));
            assertThat(engine, cancelled).isCancelled().hasTask("sleep").cancelled();
            assertThat(engine, paused).isPaused().hasTask("sleep").ready();
            engine.engine().resume(paused);
            engine.tick();
            assertThat(engine, paused).isCompleted();
        }
    }

    private static WorkflowDefinition approving(Consumer<TaskOptions> how) {
        return WorkflowDefinition.named("approving")
                .task("ask", context -> {})
                .task(
                        "approval",
                        context ->
                                context.output(context.findSignal(String.class).orElse("nobody answered")),
                        task -> how.accept(task.after("ask").signal("decision")))
                .task("go", context -> {}, task -> task.after("approval"))
                .task(
                        "remind",
                        context -> {},
                        task -> task.after("approval").when(TriggerRule.any(TriggerCondition.taskSkipped("approval"))))
                .build();
    }

    @DatabaseTest
    void a_task_waits_for_a_signal_and_gets_what_was_sent(TestDatabase database) {
        try (TestEngine engine = engine(database, approving(task -> {}))) {
            UUID id = engine.submit("approving");
            engine.tick();
            assertThat(engine, id).isRunning().hasTask("approval").waiting();
            engine.advance(Duration.ofDays(300));
            assertThat(engine, id).isRunning().hasTask("approval").waiting();

            engine.engine().signal(id, "decision", "yes");
            engine.tick();
            assertThat(engine, id)
                    .isCompleted()
                    .hasTask("go")
                    .completed()
                    .and()
                    .hasTask("remind")
                    .skipped();
            assertThat(engine.engine().context(id).get("approval", String.class))
                    .isEqualTo("yes");
        }
    }

    @DatabaseTest
    void a_signal_that_came_before_the_wait_is_there(TestDatabase database) {
        try (TestEngine engine = engine(database, approving(task -> task.within(HOUR)))) {
            UUID id = engine.submit("approving");
            engine.engine().signal(id, "decision", "yes");
            engine.tick();
            assertThat(engine, id).isCompleted().hasTask("approval").completed().onAttempt(1);
            assertThat(engine.engine().context(id).get("approval", String.class))
                    .isEqualTo("yes");
        }
    }

    @DatabaseTest
    void a_signal_wakes_only_the_tasks_that_wait_for_its_name(TestDatabase database) {
        WorkflowDefinition two = WorkflowDefinition.named("two")
                .task("a", context -> {}, task -> task.signal("yes"))
                .task("b", context -> {}, task -> task.signal("no"))
                .build();
        try (TestEngine engine = engine(database, two)) {
            UUID id = engine.submit("two");
            engine.tick();
            engine.engine().signal(id, "no", null);
            engine.tick();
            assertThat(engine, id).hasTask("a").waiting().and().hasTask("b").completed();
        }
    }

    @DatabaseTest
    void a_name_for_which_no_task_waits_is_refused(TestDatabase database) {
        WorkflowDefinition deaf =
                WorkflowDefinition.named("deaf").task("t", context -> {}).build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(approving(task -> {}))
                .workflow(deaf)
                .start()) {
            UUID id = engine.submit("approving");
            UUID other = engine.submit("deaf");
            String start = "no task of execution " + id + " of workflow approving@";
            assertThatThrownBy(() -> engine.engine().signal(id, "decison", "yes"))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_SIGNAL"))
                    .hasMessageStartingWith(start)
                    .hasMessageEndingWith(" waits for a signal 'decison'. Did you mean 'decision'?");
            assertThatThrownBy(() -> engine.engine().signal(id, "payment", "yes", "key"))
                    .hasMessageStartingWith(start)
                    .hasMessageEndingWith(" waits for a signal 'payment'. Its tasks wait for 'decision'");
            assertThatThrownBy(() -> engine.engine().signal(other, "decision", "yes"))
                    .hasMessageEndingWith(" waits for a signal 'decision'. None of its tasks waits for a signal");
            assertThat(Rows.texts(database, "SELECT signal_name FROM signals")).isEmpty();
        }
        try (Engine client = Engine.builder(database.url()).client().start()) {
            UUID id = client.list(ExecutionQuery.all().workflow("approving"))
                    .get(0)
                    .id();
            assertThatThrownBy(() -> client.signal(id, "decison", "yes"))
                    .hasMessageEndingWith("Did you mean 'decision'?");
        }
    }

    @DatabaseTest
    void a_name_that_only_another_version_knows_is_accepted(TestDatabase database) {
        UUID id;
        WorkflowDefinition old = WorkflowDefinition.named("w")
                .version("1")
                .task("t", context -> {}, task -> task.signal("old"))
                .build();
        WorkflowDefinition later = WorkflowDefinition.named("w")
                .version("2")
                .task("t", context -> {}, task -> task.signal("later"))
                .build();
        try (TestEngine engine = engine(database, old)) {
            id = engine.submit("w");
            assertThatThrownBy(() -> engine.engine().signal(id, "later", null))
                    .hasMessageContaining("Its tasks wait for 'old'");
        }
        try (TestEngine engine = engine(database, later)) {
            engine.engine().signal(id, "later", null);
            engine.engine().signal(id, "old", null);
            assertThat(Rows.texts(database, "SELECT signal_name FROM signals ORDER BY 1"))
                    .containsExactly("later", "old");
        }
    }

    @DatabaseTest
    void an_execution_whose_definition_is_not_known_takes_any_name(TestDatabase database) {
        try (TestEngine engine = engine(database, approving(task -> {}))) {
            engine.submit("approving");
        }
        Rows.run(database, "DELETE FROM workflow_definitions");
        try (Engine client = Engine.builder(database.url()).client().start()) {
            UUID id = client.list(ExecutionQuery.all().workflow("approving"))
                    .get(0)
                    .id();
            client.signal(id, "anything", null);
            assertThat(Rows.texts(database, "SELECT signal_name FROM signals")).containsExactly("anything");
        }
    }

    @DatabaseTest
    void a_time_limit_skips_the_task_and_a_rule_goes_on_from_there(TestDatabase database) {
        try (TestEngine engine = engine(database, approving(task -> task.within(HOUR)))) {
            UUID id = engine.submit("approving");
            engine.tick();
            engine.advance(HOUR);
            assertThat(engine, id)
                    .isCompleted()
                    .hasTask("approval")
                    .skipped()
                    .because("no signal 'decision' came within 1 h")
                    .and()
                    .hasTask("go")
                    .skipped()
                    .and()
                    .hasTask("remind")
                    .completed();
            assertThatThrownBy(() -> engine.engine().signal(id, "decision", "too late"))
                    .isInstanceOf(ExecutionStateException.class)
                    .hasMessageContaining("cannot be sent the signal 'decision': it has ended");
        }
    }

    @DatabaseTest
    void a_time_limit_lets_a_task_run_without_its_signal(TestDatabase database) {
        try (TestEngine engine = engine(database, approving(task -> task.withinOrWithout(HOUR)))) {
            UUID id = engine.submit("approving");
            engine.tick();
            engine.advance(HOUR);
            assertThat(engine, id).isCompleted().hasTask("go").completed();
            assertThat(engine.engine().context(id).get("approval", String.class))
                    .isEqualTo("nobody answered");
        }
    }

    @DatabaseTest
    void a_signal_is_sent_once(TestDatabase database) {
        try (TestEngine engine = engine(database, approving(task -> {}))) {
            UUID id = engine.submit("approving");
            engine.engine().signal(id, "decision", "yes", "click-1");
            engine.engine().signal(id, "decision", "changed", "click-1");
            assertThatThrownBy(() -> engine.engine().signal(id, "decision", "no", "click-2"))
                    .isInstanceOf(ExecutionStateException.class)
                    .hasMessageContaining("it was already sent");
            assertThatThrownBy(() -> engine.engine().signal(id, "decision", "no"))
                    .isInstanceOf(ExecutionStateException.class);
            assertThatThrownBy(() -> engine.engine().signal(UUID.randomUUID(), "decision", "no"))
                    .isInstanceOf(UnknownExecutionException.class);
            assertThatThrownBy(() -> engine.engine().signal(id, " ", "no"))
                    .hasMessageContaining("signal must not be blank");
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("approval", String.class))
                    .isEqualTo("yes");
            engine.engine().signal(id, "decision", "yes", "click-1");
        }
    }

    @DatabaseTest
    void a_transactional_task_waits_before_its_transaction(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("booking")
                .task(
                        "book",
                        context -> {
                            assertThat(context.connection().isClosed()).isFalse();
                            context.output(context.signal(Map.class).get("room"));
                        },
                        task -> task.signal("room").transactional())
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            UUID id = engine.submit("booking");
            engine.tick();
            assertThat(engine, id).hasTask("book").waiting();
            engine.engine().signal(id, "room", Map.of("room", 12));
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("book", Integer.class)).isEqualTo(12);
        }
    }
}
