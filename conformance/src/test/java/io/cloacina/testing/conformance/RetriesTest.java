package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RetriesTest {
    private static final TaskBody FAILING = context -> {
        throw new IllegalStateException("attempt " + context.attempt() + " failed");
    };

    private static WorkflowDefinition trying(TaskBody body, RetryPolicy policy) {
        return WorkflowDefinition.named("trying")
                .task("try", body, task -> task.retry(policy))
                .build();
    }

    /** The delays between the attempts of a task that always fails, exactly: none begins a microsecond too early. */
    private static List<Duration> delays(TestDatabase database, RetryPolicy policy) {
        List<Duration> delays = new ArrayList<>();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(trying(FAILING, policy)).start()) {
            UUID id = engine.submit("trying");
            engine.tick();
            while (!engine.execution(id).isFinished()) {
                Instant failedAt = engine.clock().instant();
                TaskExecution waiting = engine.task(id, "try");
                Instant due = waiting.dueAt();
                assertThat(due).isNotNull();
                Duration delay = Duration.between(failedAt, due);
                delays.add(delay);

                engine.advance(delay.minusNanos(1_000));
                assertThat(engine, id).hasTask("try").ready().onAttempt(waiting.attempt());
                engine.advance(Duration.ofNanos(1_000));
                assertThat(engine.task(id, "try").attempt()).isEqualTo(waiting.attempt() + 1);
            }
            assertThat(engine, id).isFailed().hasTask("try").failed().onAttempt(policy.maxAttempts());
        }
        return delays;
    }

    private static List<Duration> seconds(long... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    }

    @DatabaseTest
    void fixed_delays_are_equal(TestDatabase database) {
        assertThat(delays(database, RetryPolicy.fixed(4, Duration.ofSeconds(30))))
                .isEqualTo(seconds(30, 30, 30));
    }

    @DatabaseTest
    void linear_delays_grow_by_the_same_step(TestDatabase database) {
        assertThat(delays(database, RetryPolicy.linear(5, Duration.ofSeconds(10))))
                .isEqualTo(seconds(10, 20, 30, 40));
    }

    @DatabaseTest
    void exponential_delays_double_up_to_the_bound(TestDatabase database) {
        assertThat(delays(
                        database,
                        RetryPolicy.exponential(7, Duration.ofSeconds(1)).maxDelay(Duration.ofSeconds(10))))
                .isEqualTo(seconds(1, 2, 4, 8, 10, 10));
    }

    @DatabaseTest
    void jitter_shortens_a_delay_by_at_most_its_fraction_and_never_lengthens_it(TestDatabase database) {
        Duration full = Duration.ofHours(1);
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("jittered");
        IntStream.range(0, 100)
                .forEach(i -> builder.task(
                        "task " + i,
                        FAILING,
                        task -> task.retry(
                                RetryPolicy.exponential(2, full).maxDelay(full).jitter(0.25))));
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(builder.build()).start()) {
            UUID id = engine.submit("jittered");
            engine.tick();

            Set<Instant> due = new HashSet<>();
            for (TaskExecution task : engine.tasks(id)) {
                assertThat(task.dueAt())
                        .isBetween(
                                engine.clock()
                                        .instant()
                                        .plus(full.multipliedBy(3).dividedBy(4)),
                                engine.clock().instant().plus(full));
                due.add(task.dueAt());
            }
            assertThat(due).hasSizeGreaterThan(50);
            engine.advance(full);
            assertThat(engine, id).isFailed();
        }
    }

    @DatabaseTest
    void without_a_policy_a_task_is_tried_once(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(trying(FAILING, RetryPolicy.NONE))
                .start()) {
            UUID id = engine.run("trying").id();

            assertThat(engine, id).isFailed().hasTask("try").failed().onAttempt(1);
        }
    }

    @DatabaseTest
    void without_a_delay_the_next_attempt_is_made_at_once(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(trying(FAILING, RetryPolicy.fixed(3, Duration.ZERO)))
                .start()) {
            UUID id = engine.run("trying").id();

            assertThat(engine, id).hasTask("try").failed().onAttempt(3);
        }
    }

    @DatabaseTest
    void when_the_attempts_are_used_up_the_last_error_is_there_with_its_stack(TestDatabase database) {
        TaskBody nested = context -> {
            try {
                fail(context.attempt());
            } catch (IOException e) {
                throw new IllegalStateException("wrapped", e);
            }
        };
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(trying(nested, RetryPolicy.fixed(3, Duration.ZERO)))
                .start()) {
            UUID id = engine.run("trying").id();

            assertThat(engine, id)
                    .isFailed()
                    .because("try")
                    .hasTask("try")
                    .failed()
                    .because("java.lang.IllegalStateException: wrapped")
                    .because("Caused by: java.io.IOException: attempt 3 of 3")
                    .because("at " + RetriesTest.class.getName() + ".fail(RetriesTest.java:");
        }
    }

    private static void fail(int attempt) throws IOException {
        throw new IOException("attempt " + attempt + " of 3");
    }

    @DatabaseTest
    void while_it_waits_for_the_next_attempt_the_last_error_is_visible(TestDatabase database) {
        TaskBody twice = context -> {
            if (context.attempt() < 3) {
                throw new IllegalStateException("attempt " + context.attempt() + " failed");
            }
        };
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(trying(twice, RetryPolicy.fixed(3, Duration.ofSeconds(1))))
                .start()) {
            UUID id = engine.submit("trying");
            engine.tick();
            assertThat(engine, id).isRunning().hasTask("try").ready().because("attempt 1 failed");
            engine.advance(Duration.ofSeconds(1));
            assertThat(engine, id).isRunning().hasTask("try").ready().because("attempt 2 failed");
            engine.advance(Duration.ofSeconds(1));
            assertThat(engine, id).isCompleted().hasTask("try").completed().onAttempt(3);
        }
    }

    @DatabaseTest
    void which_errors_are_tried_again_is_said_by_class_or_by_a_condition(TestDatabase database) {
        RetryPolicy three = RetryPolicy.fixed(3, Duration.ZERO);
        TaskBody io = context -> {
            throw new FileNotFoundException("no file");
        };
        WorkflowDefinition choosing = WorkflowDefinition.named("choosing")
                .task("subclass", io, task -> task.retry(three.retryOn(IOException.class)))
                .task("other class", io, task -> task.retry(three.retryOn(IllegalStateException.class)))
                .task(
                        "one of two",
                        io,
                        task -> task.retry(three.retryOn(IllegalStateException.class, FileNotFoundException.class)))
                .task("condition", io, task -> task.retry(three.retryIf(e -> "no file".equals(e.getMessage()))))
                .task("no condition", io, task -> task.retry(three.retryIf(e -> e.getMessage() == null)))
                .task(
                        "both",
                        io,
                        task -> task.retry(three.retryOn(IOException.class).retryIf(e -> e.getMessage() == null)))
                .task(
                        "throwing condition",
                        io,
                        task -> task.retry(three.retryIf(e -> {
                            throw new IllegalArgumentException("in the condition");
                        })))
                .build();
        Map<String, Integer> attempts = Map.of(
                "subclass", 3,
                "other class", 1,
                "one of two", 3,
                "condition", 3,
                "no condition", 1,
                "both", 1,
                "throwing condition", 1);
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(choosing).start()) {
            UUID id = engine.run("choosing").id();

            attempts.forEach((name, number) -> assertThat(engine, id)
                    .hasTask(name)
                    .failed()
                    .onAttempt(number)
                    .because("no file"));
            assertThat(engine, id).hasTask("throwing condition").because("in the condition");
        }
    }

    private static int deeper(int depth) {
        return depth < 0 ? 0 : deeper(depth + 1) + 1;
    }

    @DatabaseTest
    void an_error_fails_the_task_and_not_the_runner(TestDatabase database) {
        WorkflowDefinition fatal = WorkflowDefinition.named("fatal")
                .task("assertion", context -> {
                    throw new AssertionError("an Error");
                })
                .task("memory", context -> {
                    throw new OutOfMemoryError("so it says");
                })
                .task("stack", context -> context.put("depth", deeper(1)))
                .task("class", context -> {
                    throw new NoClassDefFoundError("io/gone/Gone");
                })
                .task("silent", context -> {
                    throw new IllegalStateException() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        public String getMessage() {
                            throw new IllegalStateException("no message either");
                        }
                    };
                })
                .task(
                        "retried",
                        context -> {
                            if (context.attempt() == 1) {
                                deeper(1);
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task("good", context -> {})
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(fatal).start()) {
            UUID id = engine.run("fatal").id();

            assertThat(engine, id)
                    .isFailed()
                    .hasTask("assertion")
                    .failed()
                    .because("java.lang.AssertionError: an Error");
            assertThat(engine, id).hasTask("memory").failed().because("java.lang.OutOfMemoryError: so it says");
            assertThat(engine, id).hasTask("stack").failed().because("java.lang.StackOverflowError");
            assertThat(engine, id).hasTask("class").failed().because("io/gone/Gone");
            assertThat(engine, id).hasTask("silent").failed().because("failed to describe itself");
            assertThat(engine, id).hasTask("retried").completed().onAttempt(2);
            assertThat(engine, id).hasTask("good").completed();
            assertThat(engine.run("fatal")).isFailed();
        }
    }

    @DatabaseTest
    void an_error_text_that_no_database_could_keep_is_stored_as_far_as_it_can_be(TestDatabase database) {
        WorkflowDefinition odd = WorkflowDefinition.named("odd")
                .task("nul", context -> {
                    throw new IllegalStateException("before \u0000 after, half \uD83D of a pair");
                })
                .task("long", context -> {
                    throw new IllegalStateException("x".repeat(1_000_000));
                })
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(odd).start()) {
            UUID id = engine.run("odd").id();

            assertThat(engine, id).isFailed().hasTask("nul").failed().because("before \uFFFD after, half \uFFFD of");
            String text = engine.task(id, "long").error();
            assertThat(text).contains("xxxx").hasSizeLessThan(30_000);
        }
    }
}
