package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** Executions that end by submitting their successor. */
@Timeout(60)
class ContinueAsTest {
    private static List<Execution> all(TestEngine engine) {
        return engine.engine().list(ExecutionQuery.all());
    }

    private static UUID successor(TestEngine engine, UUID id) {
        return Objects.requireNonNull(engine.execution(id).continuedAs());
    }

    /** Counts to a number, an execution for each. */
    private static WorkflowDefinition.Builder counter() {
        return WorkflowDefinition.named("counter")
                .input("from", Integer.class)
                .task("count", context -> {
                    int from = context.get("from", Integer.class);
                    if (from < 3) {
                        context.continueAs(Map.of("from", from + 1));
                    }
                })
                .task("after", context -> {}, task -> task.after("count"));
    }

    @DatabaseTest
    void an_execution_is_followed_by_its_successor_with_labels_priority_and_links(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(counter().deadline(Duration.ofHours(1)).build())
                .start()) {
            UUID first = engine.run(Submission.of("counter")
                            .input(Map.of("from", 1))
                            .label("customer", "ada")
                            .priority(7))
                    .id();

            assertThat(all(engine)).hasSize(3).allMatch(execution -> execution.priority() == 7);
            assertThat(engine, first).isCompleted();
            assertThat(engine.execution(first).continuedFrom()).isNull();
            UUID second = successor(engine, first);
            assertThat(engine, second).isCompleted();
            assertThat(engine.execution(second).continuedFrom()).isEqualTo(first);
            assertThat(engine.execution(second).deadline()).isNotNull();
            assertThat(engine.engine().labels(second)).containsExactly(Map.entry("customer", "ada"));
            UUID third = successor(engine, second);
            assertThat(engine.execution(third).continuedAs()).isNull();
            assertThat(engine.engine().context(third).get("from", Integer.class))
                    .isEqualTo(3);
            assertThat(engine.engine().await(first).id()).isEqualTo(first);
        }
    }

    @DatabaseTest
    void an_attempt_that_fails_has_asked_for_nothing_and_a_retry_asks_once(TestDatabase database) {
        WorkflowDefinition flaky = WorkflowDefinition.named("flaky")
                .task(
                        "ask",
                        context -> {
                            if (!context.find("last", Boolean.class).orElse(false)) {
                                context.continueAs("flaky", Map.of("last", true));
                                if (context.attempt() == 1) {
                                    throw new IllegalStateException("after it has asked");
                                }
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1))))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(flaky).start()) {
            UUID first = engine.submit("flaky");
            engine.tick();
            assertThat(all(engine)).hasSize(1);
            engine.advance(Duration.ofMinutes(1));

            assertThat(engine, first).isCompleted();
            assertThat(all(engine)).hasSize(2);
        }
    }

    @DatabaseTest
    void an_execution_that_fails_has_no_successor_until_a_retry_completes_it(TestDatabase database) {
        WorkflowDefinition fails = WorkflowDefinition.named("fails")
                .task("ask", context -> {
                    if (!context.find("last", Boolean.class).orElse(false)) {
                        context.continueAs(Map.of("last", true));
                    }
                })
                .task(
                        "then",
                        context -> {
                            if (context.attempt() == 1
                                    && context.find("last", Boolean.class).isEmpty()) {
                                throw new IllegalStateException("no");
                            }
                        },
                        task -> task.after("ask"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(fails).start()) {
            UUID id = engine.run("fails").id();
            assertThat(engine, id).isFailed();
            assertThat(all(engine)).hasSize(1);

            engine.engine().retry(id);
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine, successor(engine, id)).isCompleted();
        }
    }

    @DatabaseTest
    void the_input_of_the_successor_is_checked_in_the_body(TestDatabase database) {
        WorkflowDefinition wrong = WorkflowDefinition.named("wrong")
                .task("input", context -> context.continueAs("counter", Map.of("from", "one")))
                .task("name", context -> context.continueAs("nobody", Map.of()))
                .task(
                        "element",
                        context -> context.continueAs("counter", Map.of("from", 1)),
                        task -> task.forEach("list"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(wrong)
                .workflow(counter().build())
                .start()) {
            UUID id = engine.run("wrong", Map.of("list", List.of(1))).id();

            assertThat(engine, id).isFailed().hasTask("input").failed().because("does not fit workflow 'counter'");
            assertThat(engine, id).hasTask("name").failed().because("nobody");
            assertThat(engine, id).hasTask("element").failed().because("[0]");
            assertThat(all(engine)).hasSize(1);
        }
    }

    @DatabaseTest
    void transactional_tasks_ask_too(TestDatabase database) {
        WorkflowDefinition transactional = WorkflowDefinition.named("transactional")
                .task(
                        "ask",
                        context -> {
                            if (context.find("last", Boolean.class).isEmpty()) {
                                context.continueAs(Map.of("last", true));
                            }
                        },
                        task -> task.transactional())
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(transactional).start()) {
            UUID id = engine.run("transactional").id();
            assertThat(engine, successor(engine, id)).isCompleted();
        }
    }

    @DatabaseTest
    void what_the_newest_version_of_the_successor_refuses_fails_the_task_that_would_complete_the_execution(
            TestDatabase database) {
        WorkflowDefinition asking = WorkflowDefinition.named("asking")
                .version("1")
                .task("ask", context -> context.continueAs("next", Map.of("from", 1)))
                .task("wait", context -> {}, task -> task.after("ask").signal("go"))
                .build();
        UUID id;
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(asking)
                .workflow(WorkflowDefinition.named("next")
                        .version("1")
                        .task("t", context -> {})
                        .build())
                .start()) {
            id = engine.submit("asking");
            engine.tick();
        }
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(asking)
                .workflow(WorkflowDefinition.named("next")
                        .version("2")
                        .input("to", Integer.class)
                        .task("t", context -> {})
                        .build())
                .start()) {
            engine.engine().signal(id, "go", null);
            engine.tick();

            assertThat(engine, id)
                    .isFailed()
                    .hasTask("wait")
                    .failed()
                    .because("to: expected a whole number of 32 bits, and it is absent");
            assertThat(all(engine)).hasSize(1);
        }
    }
}
