package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.Limit;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.Reason.Kind;
import io.cloacina.engine.model.Status;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** What an operator is told seldom, beside {@link DiagnosisTest}. */
@Timeout(120)
class RareDiagnosisTest {
    private static final Duration LONG = Duration.ofHours(5);

    private static void nothing(TaskContext context) {}

    private static WorkflowDefinition plain() {
        return WorkflowDefinition.named("plain")
                .version("1")
                .task("first", RareDiagnosisTest::nothing)
                .task("second", RareDiagnosisTest::nothing, task -> task.after("first"))
                .build();
    }

    /** By the present: what a client or SQL stores beside it is in its order. */
    private static TestEngine.Builder on(TestDatabase database) {
        return TestEngine.on(database.url())
                .clock(new ManualClock(Clock.systemUTC().instant()))
                .configure(builder -> builder.lease(LONG));
    }

    @DatabaseTest
    void a_schema_that_another_build_migrated_differs(TestDatabase database) {
        try (TestEngine engine = on(database).workflow(plain()).start()) {
            assertThat(engine.engine().status().schemaDifferences()).isEmpty();
            Rows.execute(database, "UPDATE schema_migrations SET checksum = 'of another build'");

            Status status = engine.engine().status();

            assertThat(Diagnoses.codes(status)).containsExactly(Problem.Code.SCHEMA_DIFFERS);
            assertThat(status.problems().get(0).sentence())
                    .isEqualTo("the schema is not that of this build: "
                            + status.schemaDifferences().get(0));
            assertThat(status.problems().get(0).advice()).contains("cloacina schema check");
        }
    }

    @DatabaseTest
    void alerts_that_nobody_evaluates_are_a_problem(TestDatabase database) {
        try (TestEngine engine = on(database).workflow(plain()).start()) {
            engine.engine().alerts().put(AlertRule.stranded("left", "http://127.0.0.1:9/", 0));

            Status status = engine.engine().status();
            assertThat(Diagnoses.codes(status)).containsExactly(Problem.Code.ALERTS_OFF);
            assertThat(status.problems().get(0).sentence()).endsWith("the alerts that are enabled: 'left'");

            engine.engine().alerts().disable("left");
            assertThat(engine.engine().status().problems()).isEmpty();
            engine.engine().alerts().enable("left");
            try (TestEngine evaluating = on(database)
                    .configure(builder -> builder.lease(LONG).alerts())
                    .start()) {
                assertThat(evaluating.engine().status().problems()).isEmpty();
            }
        }
    }

    @DatabaseTest
    void a_task_before_which_nothing_is_left_waits_for_its_rule(TestDatabase database) {
        try (TestEngine engine = on(database).workflow(plain()).start()) {
            UUID id = engine.submit("plain");
            assertThat(Diagnoses.reason(engine.engine(), id, "second").kind()).isEqualTo(Kind.DEPENDENCY);
            // Between the end of a task and the decision about its successors nothing is seen from outside.
            Rows.execute(database, "UPDATE task_executions SET status = 'Completed' WHERE task_name = 'first'");

            Reason rule = Diagnoses.reason(engine.engine(), id, "second");

            assertThat(rule.kind()).isEqualTo(Kind.RULE);
            assertThat(rule.sentence()).isEqualTo("its dependencies have ended; its trigger rule is being evaluated");
        }
    }

    @DatabaseTest
    void a_ready_task_that_a_free_slot_takes_soon_says_so_to_a_client(TestDatabase database) {
        try (TestEngine engine = on(database).workflow(plain()).start();
                Engine client = Diagnoses.client(database)) {
            UUID id = client.submit("plain", Map.of());

            Reason soon = Diagnoses.reason(client, id, "first");

            assertThat(soon.kind()).isEqualTo(Kind.SOON);
            assertThat(soon.sentence())
                    .startsWith("is ready since ")
                    .endsWith(", and a runner with a free slot takes it soon");
            assertThat(soon.data()).containsEntry("before", "0");
            assertThat(client.why(id)).isEqualTo(engine.engine().why(id));
        }
    }

    @DatabaseTest
    void a_client_tells_the_same_as_a_runner_and_is_none(TestDatabase database) {
        on(database).start().close();
        try (Engine client = Diagnoses.client(database)) {
            assertThat(client.status().runners()).isEmpty();
            assertThat(client.status().isHealthy()).as("nothing waits").isTrue();
            try (TestEngine engine = on(database).workflow(plain()).start()) {
                engine.submit("plain");

                Status told = client.status();

                Status own = engine.engine().status();
                assertThat(told.runners())
                        .extracting(Status.RunnerState::id)
                        .containsExactlyElementsOf(own.runners().stream()
                                .map(Status.RunnerState::id)
                                .toList())
                        .hasSize(1);
                assertThat(told.ready()).isEqualTo(own.ready()).isEqualTo(new Count(1, false));
                assertThat(told.oldestReadyAt()).isEqualTo(own.oldestReadyAt()).isNotNull();
                assertThat(told.activity()).isEqualTo(own.activity());
                assertThat(told.problems()).isEqualTo(own.problems());
            }
        }
    }

    @DatabaseTest
    void what_is_more_urgent_comes_before_however_late_it_was_submitted(TestDatabase database) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .version("1")
                .task("work", context -> {
                    running.countDown();
                    end.await();
                })
                .build();
        try (Engine engine = Engine.builder(database.url())
                .slots(1)
                .lease(LONG)
                .workflow(slow)
                .start()) {
            engine.submit("slow", Map.of());
            running.await();
            UUID last = engine.submit(Submission.of("slow").priority(-1));
            UUID second = engine.submit("slow", Map.of());
            UUID first = engine.submit(Submission.of("slow").priority(1));

            assertThat(List.of(first, second, last))
                    .extracting(
                            id -> Diagnoses.reason(engine, id, "work").data().get("before"))
                    .containsExactly("0", "1", "2");
            assertThat(Diagnoses.reason(engine, last, "work").sentence())
                    .endsWith("; 2 ready tasks of this version come before it");
            end.countDown();
        }
    }

    @DatabaseTest
    void of_a_limit_that_is_full_for_21_keys_20_are_told_and_it_is_one_problem(TestDatabase database) {
        WorkflowDefinition limited = WorkflowDefinition.named("limited")
                .version("1")
                .limit(Limit.atMost(1).per("customer"))
                .task("begin", RareDiagnosisTest::nothing)
                .task(
                        "wait",
                        RareDiagnosisTest::nothing,
                        task -> task.after("begin").signal("go"))
                .build();
        try (TestEngine engine = on(database).workflow(limited).start()) {
            List<Submission> each = IntStream.rangeClosed(1, 21)
                    .mapToObj(number -> Submission.of("limited").input(Map.of("customer", number)))
                    .toList();
            List<UUID> holders = new ArrayList<>(engine.engine().submitAll(each));
            engine.tick();
            engine.engine().submitAll(each);
            engine.tick();
            engine.clock().advance(Duration.ofMinutes(6));

            Status status = engine.engine().status();

            assertThat(status.ready()).isEqualTo(new Count(21, false));
            assertThat(status.limits())
                    .hasSize(20)
                    .allSatisfy(full -> assertThat(holders).containsAll(full.heldBy()))
                    .allSatisfy(full -> assertThat(full.waiting()).isEqualTo(new Count(1, false)));
            assertThat(Diagnoses.codes(status))
                    .as("what waits for the 21st key waits for a limit too, and not for a slot")
                    .containsExactly(Problem.Code.LIMIT_FULL);
            assertThat(status.problems().get(0).sentence()).contains(" and 19 other keys, ");
        }
    }

    @DatabaseTest
    void a_pause_is_told_beside_what_a_task_waits_for(TestDatabase database) {
        WorkflowDefinition asking = WorkflowDefinition.named("asking")
                .version("1")
                .task("ask", RareDiagnosisTest::nothing, task -> task.signal("answer"))
                .task("ship", RareDiagnosisTest::nothing, task -> task.after("ask"))
                .build();
        try (TestEngine engine = on(database).workflow(asking).start()) {
            UUID id = engine.submit("asking");
            engine.tick();
            engine.engine().pause(id, "month end");

            assertThat(engine.engine().why(id)).allSatisfy(reason -> {
                assertThat(reason.kind()).isEqualTo(Kind.PAUSED);
                assertThat(reason.data()).containsEntry("reason", "month end");
            });
            assertThat(Diagnoses.reason(engine.engine(), id, "ask").sentence())
                    .startsWith("its execution is paused since ")
                    .contains(": month end; besides, it waits for signal 'answer' since ");
            assertThat(Diagnoses.reason(engine.engine(), id, "ship").sentence())
                    .endsWith(": month end; besides, it waits for task 'ask', which is waiting");
        }
    }

    @DatabaseTest
    void a_failure_of_a_child_is_counted_once_as_that_of_its_parent(TestDatabase database) {
        WorkflowDefinition child = WorkflowDefinition.named("payment")
                .version("1")
                .task("book", context -> {
                    throw new IllegalStateException("the account is closed");
                })
                .build();
        WorkflowDefinition parent = WorkflowDefinition.named("order")
                .version("1")
                .task("pay", context -> context.output(Map.of()), task -> task.child("payment"))
                .build();
        try (TestEngine engine = on(database).workflow(child).workflow(parent).start()) {
            for (int i = 0; i < 3; i++) {
                engine.run("order");
            }

            Status status = engine.engine().status();

            assertThat(status.activity())
                    .as("what became of executions is told of all")
                    .extracting(Status.Activity::workflow, each -> each.hour().failed())
                    .containsExactly(tuple("order", 3L), tuple("payment", 3L));
            assertThat(Diagnoses.codes(status)).containsExactly(Problem.Code.FAILING);
            assertThat(status.problems().get(0).sentence()).startsWith("of workflow 'order' 3 executions failed");
        }
    }
}
