package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskTimeoutException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** Order, slots, size, timeouts, waiting; what else belongs to running is in the classes beside. */
@Timeout(180)
class RunningTest {
    private static final TaskBody NOTHING = context -> {};

    @DatabaseTest
    void a_task_runs_when_all_before_it_have_ended_and_otherwise_in_the_order_of_the_definition(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        TaskBody noting = context -> ran.add(context.taskName());
        WorkflowDefinition ordered = WorkflowDefinition.named("ordered")
                .task("end", noting, task -> task.after("left", "right"))
                .task("right", noting, task -> task.after("start"))
                .task("left", noting, task -> task.after("start"))
                .task("start", noting)
                .task("alone", noting)
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(ordered)
                .configure(builder -> builder.slots(1))
                .start()) {
            assertThat(engine.run("ordered")).isCompleted();

            assertThat(ran).hasSize(5).containsSubsequence("start", "left", "end");
            assertThat(ran).containsSubsequence("start", "right", "end");
            assertThat(ran.indexOf("right")).isLessThan(ran.indexOf("left"));
        }
    }

    @DatabaseTest
    void as_many_run_at_once_as_there_are_slots_and_never_more(TestDatabase database) {
        int slots = 3;
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(slots);
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("wide");
        for (int i = 0; i < 6 * slots; i++) {
            builder.task("task " + i, context -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                together.await(); // with fewer than all slots in use this would never end
                running.decrementAndGet();
            });
        }
        try (Engine engine = Engine.builder(database.url())
                .workflow(builder.build())
                .slots(slots)
                .start()) {
            UUID first = engine.submit("wide", Map.of());
            UUID second = engine.submit("wide", Map.of());

            assertThat(engine.await(first)).isCompleted();
            assertThat(engine.await(second)).isCompleted();
            assertThat(most).hasValue(slots);
        }
    }

    @DatabaseTest
    void a_workflow_without_input_has_an_empty_context(TestDatabase database) {
        WorkflowDefinition empty = WorkflowDefinition.named("empty")
                .task("look", context -> assertThat(context.json()).isEqualTo("{}"))
                .task(
                        "again",
                        context -> assertThat(context.find("x", Object.class)).isEmpty(),
                        task -> task.after("look"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(empty).start()) {
            Execution done = engine.run("empty");

            assertThat(engine, done.id()).isCompleted();
            assertThat(engine.engine().context(done.id()).json()).isEqualTo("{}");
            assertThat(Rows.counts(database)).containsEntry("contexts", 0);
        }
    }

    @DatabaseTest
    void a_body_knows_where_it_runs(TestDatabase database) {
        List<String> seen = new ArrayList<>();
        WorkflowDefinition knowing = WorkflowDefinition.named("knowing")
                .task(
                        "look",
                        context -> seen.add(context.executionId() + " " + context.workflow() + " " + context.taskName()
                                + " " + context.attempt()))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(knowing).start()) {
            UUID id = engine.run("knowing").id();

            assertThat(seen).containsExactly(id + " knowing look 1");
        }
    }

    @DatabaseTest
    void ten_thousand_tasks_fan_out_and_join(TestDatabase database) {
        int width = 10_000;
        AtomicInteger ran = new AtomicInteger();
        List<String> names =
                IntStream.range(0, width).mapToObj(i -> "task " + i).toList();
        WorkflowDefinition.Builder builder =
                WorkflowDefinition.named("fan").task("start", context -> context.put("value", 7));
        names.forEach(name -> builder.task(
                name, context -> ran.addAndGet(context.get("value", Integer.class)), task -> task.after("start")));
        builder.task("join", context -> context.put("sum", ran.get()), task -> task.after(names));
        try (Engine engine =
                Engine.builder(database.url()).workflow(builder.build()).start()) {
            UUID id = engine.submit("fan", Map.of());

            assertThat(engine.await(id)).isCompleted();
            assertThat(ran).hasValue(7 * width);
            assertThat(engine.context(id).get("sum", Integer.class)).isEqualTo(7 * width);
            assertThat(Rows.texts(
                            database,
                            "SELECT COUNT(*) FROM task_executions WHERE status = 'Completed' AND attempt = 1"))
                    .containsExactly(String.valueOf(width + 2));
        }
    }

    @DatabaseTest
    void five_thousand_tasks_follow_each_other_and_each_sees_what_all_before_it_wrote(TestDatabase database) {
        int length = 5_000;
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("chain");
        for (int i = 0; i < length; i++) {
            int number = i;
            builder.task(
                    "task " + i,
                    context -> {
                        assertThat(context.find("count", Integer.class).orElse(0))
                                .isEqualTo(number);
                        context.put("count", number + 1);
                        if (number % 1_000 == 0) {
                            context.put("at " + number, true);
                        }
                    },
                    task -> task.after(number == 0 ? List.of() : List.of("task " + (number - 1))));
        }
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(builder.build()).start()) {
            Execution done = engine.run("chain");

            assertThat(done).isCompleted();
            assertThat(engine.engine().context(done.id()).json())
                    .isEqualTo("{\"count\":5000,\"at 0\":true,\"at 1000\":true,\"at 2000\":true,\"at 3000\":true,"
                            + "\"at 4000\":true}");
        }
    }

    @DatabaseTest
    void a_task_that_takes_too_long_is_interrupted_and_has_failed(TestDatabase database) {
        CountDownLatch never = new CountDownLatch(1);
        Queue<Throwable> interrupted = new ConcurrentLinkedQueue<>();
        Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .task(
                        "hang",
                        context -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                interrupted.add(e);
                                throw e;
                            }
                        },
                        task -> task.timeout(Duration.ofMillis(50)).onFailed(outcome -> reported.add(outcome.error())))
                .task("after", NOTHING, task -> task.after("hang"))
                .task("beside", NOTHING, task -> task.timeout(Duration.ofMinutes(1)))
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(slow).start()) {
            UUID id = engine.submit("slow", Map.of());
            engine.await(id);

            assertThat(engine, id)
                    .isFailed()
                    .hasTask("hang")
                    .failed()
                    .onAttempt(1)
                    .because("attempt 1 of task 'hang' took longer than 50 ms")
                    .because("Suppressed: java.lang.InterruptedException")
                    .and()
                    .skipped("after")
                    .and()
                    .hasTask("beside")
                    .completed();
            assertThat(interrupted).hasSize(1);
        }
        assertThat(reported).hasSize(1).first().isInstanceOf(TaskTimeoutException.class);
    }

    @DatabaseTest
    void a_timeout_is_retried_as_any_failure(TestDatabase database) {
        CountDownLatch never = new CountDownLatch(1);
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .task(
                        "hang once",
                        context -> {
                            if (context.attempt() == 1) {
                                never.await();
                            }
                        },
                        task -> task.timeout(Duration.ofMillis(50))
                                .retry(RetryPolicy.fixed(2, Duration.ZERO).retryOn(TaskTimeoutException.class)))
                .task(
                        "not worth it",
                        context -> never.await(),
                        task -> task.timeout(Duration.ofMillis(50))
                                .retry(RetryPolicy.fixed(2, Duration.ZERO).retryOn(InterruptedException.class)))
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(slow).start()) {
            UUID id = engine.submit("slow", Map.of());
            engine.await(id);

            assertThat(engine, id)
                    .isFailed()
                    .hasTask("hang once")
                    .completed()
                    .onAttempt(2)
                    .and()
                    .hasTask("not worth it")
                    .failed()
                    .onAttempt(1);
        }
    }

    @DatabaseTest
    void a_body_that_ignores_its_interrupt_has_failed_all_the_same(TestDatabase database) {
        CountDownLatch interrupted = new CountDownLatch(1);
        WorkflowDefinition stubborn = WorkflowDefinition.named("stubborn")
                .task(
                        "ignore",
                        context -> {
                            boolean again = true;
                            while (again) {
                                try {
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException e) {
                                    interrupted.countDown();
                                    again = false;
                                }
                            }
                            context.put("result", "too late");
                        },
                        task -> task.timeout(Duration.ofMillis(50)))
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(stubborn).start()) {
            UUID id = engine.submit("stubborn", Map.of());
            engine.await(id);

            assertThat(interrupted.getCount()).isZero();
            assertThat(engine, id).isFailed().hasTask("ignore").failed().because("took longer than");
            assertThat(engine.context(id).json()).isEqualTo("{}");
        }
    }

    @DatabaseTest
    void a_thread_is_not_interrupted_any_more_when_it_runs_the_next_task(TestDatabase database) {
        WorkflowDefinition next = WorkflowDefinition.named("next")
                .task(
                        "hang",
                        context -> new CountDownLatch(1).await(),
                        task -> task.timeout(Duration.ofMillis(20)).priority(1))
                .task(
                        "look",
                        context -> assertThat(Thread.currentThread().isInterrupted())
                                .isFalse())
                .build();
        try (Engine engine =
                Engine.builder(database.url()).workflow(next).slots(1).start()) {
            UUID id = engine.submit("next", Map.of());
            engine.await(id);

            assertThat(engine, id).isFailed().hasTask("look").completed();
        }
    }

    @DatabaseTest
    void who_awaits_an_execution_is_woken_by_its_end(TestDatabase database) {
        int times = 40;
        AtomicLong returnedAt = new AtomicLong();
        WorkflowDefinition timed = WorkflowDefinition.named("timed")
                .task("end", context -> returnedAt.set(System.nanoTime()))
                .build();
        List<Long> micros = new ArrayList<>();
        try (Engine engine = Engine.builder(database.url()).workflow(timed).start()) {
            for (int i = 0; i < times; i++) {
                assertThat(engine.await(engine.submit("timed", Map.of()))).isCompleted();
                micros.add((System.nanoTime() - returnedAt.get()) / 1_000);
            }
        }
        // The commit and the wake-up together. One that was found by looking again would take 250 ms; half may be
        // disturbed.
        micros.sort(null);
        assertThat(micros.get(times / 2)).as("microseconds: %s", micros).isLessThan(100_000);
    }

    @DatabaseTest
    void waiting_at_most_so_long_gives_nothing_when_it_is_over(TestDatabase database) {
        CountDownLatch go = new CountDownLatch(1);
        WorkflowDefinition waiting = WorkflowDefinition.named("waiting")
                .task("wait", context -> go.await())
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(waiting).start()) {
            UUID id = engine.submit("waiting", Map.of());

            assertThat(engine.await(id, Duration.ofMillis(1))).isEmpty();
            go.countDown();
            assertThat(engine.await(id, Duration.ofMinutes(1)))
                    .get()
                    .satisfies(done -> assertThat(done).isCompleted());
        }
    }

    @DatabaseTest
    void a_context_cannot_be_used_when_its_task_has_ended(TestDatabase database) {
        List<TaskContext> kept = new ArrayList<>();
        WorkflowDefinition keeping =
                WorkflowDefinition.named("keeping").task("keep", kept::add).build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(keeping).start()) {
            assertThat(engine.run("keeping")).isCompleted();

            assertThatThrownBy(() -> kept.get(0).put("late", 1))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("TASK_ENDED"));
        }
    }
}
