package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Timeout;

/** Attempts that end in ways that are easy to get wrong: none may hang, be lost, or be counted as what it was not. */
@Timeout(60)
class HardEndingsTest {
    private static final TaskBody NOTHING = context -> {};

    private static Engine start(TestDatabase test, WorkflowDefinition workflow) {
        return Engine.builder(test.url()).workflow(workflow).start();
    }

    private static WorkflowDefinition one(TaskBody body) {
        return WorkflowDefinition.named("one").version("1").task("t", body).build();
    }

    @DatabaseTest
    void an_error_that_no_database_can_store_fails_the_task(TestDatabase test) {
        try (Engine engine = start(test, one(context -> {
            throw new IllegalStateException("a\0b\ud800c");
        }))) {
            UUID id = engine.submit("one", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error()).contains("IllegalStateException: a\ufffdb\ufffdc");
        }
    }

    @DatabaseTest
    void an_exception_that_cannot_describe_itself_fails_the_task(TestDatabase test) {
        try (Engine engine = start(test, one(context -> {
            throw new Undescribable();
        }))) {
            UUID id = engine.submit("one", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error()).contains("Undescribable (which failed to describe itself)");
        }
    }

    @DatabaseTest
    void output_that_cannot_be_stored_fails_the_task(TestDatabase test) {
        try (Engine engine = start(test, one(context -> context.put("x", "\ud800")))) {
            UUID id = engine.submit("one", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error()).contains("half of a surrogate pair");
        }
    }

    @DatabaseTest
    void a_task_that_the_definition_does_not_have_fails_its_execution_and_takes_no_thread(TestDatabase test) {
        UUID id = new Engine(EngineParts.manual(test, one(NOTHING))).submit("one", Map.of());
        EngineParts.execute(test, "UPDATE task_executions SET task_name = 'gone'");
        try (Engine engine = Engine.builder(test.url())
                .workflow(one(NOTHING))
                .executor(body -> {
                    throw new RejectedExecutionException("a thread was asked for");
                })
                .start()) {
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            TaskExecution task = engine.tasks(id).get(0);
            assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
            assertThat(task.error()).contains("has no task 'gone'");
            assertThat(engine.attempts(id)).hasSize(1);
        }
    }

    @DatabaseTest
    void input_that_cannot_be_stored_is_refused(TestDatabase test) {
        try (Engine engine = start(test, one(NOTHING))) {
            assertThatThrownBy(() -> engine.submit("one", Map.of("x", "\ud800")))
                    .isInstanceOf(CloacinaException.class)
                    .hasMessageContaining("the input of workflow 'one'");
            assertThat(engine.list(ExecutionQuery.all().workflow("one").unfinished()))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void values_keep_their_digits_and_instants_from_task_to_task(TestDatabase test) {
        BigDecimal exact = new BigDecimal("0.12345678901234567890123000");
        Instant at = Instant.parse("2026-03-08T07:00:00.123456789Z");
        WorkflowDefinition workflow = WorkflowDefinition.named("values")
                .task("write", context -> {
                    context.put("exact", exact);
                    context.put("at", at);
                    context.put("nul", "a\0b");
                })
                .task(
                        "read",
                        context -> context.put(
                                "same",
                                context.get("exact", BigDecimal.class)
                                                .toString()
                                                .equals(exact.toString())
                                        && context.get("at", Instant.class).equals(at)
                                        && context.get("nul", String.class).equals("a\0b")),
                        task -> task.after("write"))
                .build();
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("values", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("same", Boolean.class)).isTrue();
        }
    }

    @DatabaseTest
    void the_last_error_is_kept_when_a_later_attempt_succeeds(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("second-time")
                .task(
                        "t",
                        context -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("the first time");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("second-time", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id).get(0).error()).contains("the first time");
        }
    }

    @DatabaseTest
    void a_task_that_closing_interrupts_has_not_failed_and_runs_again(TestDatabase test) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        UUID id;
        Engine first = Engine.builder(test.url())
                .workflow(one(context -> {
                    inside.countDown();
                    never.await();
                }))
                .grace(Duration.ZERO)
                .start();
        try (first) {
            id = first.submit("one", Map.of());
            inside.await();
        }
        try (Engine second = start(test, one(NOTHING))) {
            assertThat(second.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(second.tasks(id).get(0).attempt()).isEqualTo(2);
        }
    }

    @DatabaseTest
    void an_attempt_that_was_given_back_does_not_count_against_the_retries(TestDatabase test) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        RetryPolicy twice = RetryPolicy.fixed(2, Duration.ZERO);
        UUID id;
        Engine first = Engine.builder(test.url())
                .workflow(WorkflowDefinition.named("w")
                        .version("1")
                        .task(
                                "t",
                                context -> {
                                    inside.countDown();
                                    never.await();
                                },
                                task -> task.retry(twice))
                        .build())
                .grace(Duration.ZERO)
                .start();
        try (first) {
            id = first.submit("w", Map.of());
            inside.await();
        }
        WorkflowDefinition failsOnce = WorkflowDefinition.named("w")
                .version("1")
                .task(
                        "t",
                        context -> {
                            if (context.attempt() == 2) {
                                throw new IllegalStateException("the first failure");
                            }
                        },
                        task -> task.retry(twice))
                .build();
        try (Engine second = start(test, failsOnce)) {
            assertThat(second.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(second.tasks(id).get(0).attempt()).isEqualTo(3);
        }
    }

    @DatabaseTest
    void an_execution_keeps_its_tasks_when_the_definition_changes_under_its_version(TestDatabase test) {
        WorkflowDefinition before = WorkflowDefinition.named("w")
                .version("1")
                .task("a", NOTHING)
                .task("b", NOTHING, task -> task.after("a"))
                .build();
        UUID id;
        try (Engine engine = start(test, before)) {
            id = engine.submit("w", Map.of());
            engine.await(id);
            id = engine.submit("w", Map.of());
        }
        WorkflowDefinition after = WorkflowDefinition.named("w")
                .version("1")
                .task("a", NOTHING)
                .task("b", NOTHING, task -> task.after("a"))
                .task("c", NOTHING, task -> task.after("a"))
                .build();
        try (Engine engine = start(test, after)) {
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id)).extracting(TaskExecution::name).containsExactly("a", "b");
        }
    }

    private static final class Undescribable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }
}
