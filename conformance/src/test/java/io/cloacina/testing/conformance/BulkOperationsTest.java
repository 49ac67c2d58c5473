package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.BulkOperationState;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.BulkPreview;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownOperationException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;

/** What is done to all executions that a search finds. */
@Timeout(120)
class BulkOperationsTest {
    private static final ExecutionQuery ORDERS = ExecutionQuery.all().workflow("order");

    /** So many that two kills, each after a transaction of up to 200, come while some are left. */
    private static final int KILLED_IN = 900;

    /** Asks, and fails or not as its input says; a refund follows a failure if it is to be compensated. */
    private static WorkflowDefinition order() {
        return WorkflowDefinition.named("order")
                .version("1")
                .task("ask", context -> {}, task -> task.signal("answer"))
                .task(
                        "ship",
                        context -> {
                            if (context.find("fail", Boolean.class).orElse(false)) {
                                throw new IllegalStateException("no truck");
                            }
                        },
                        task -> task.after("ask"))
                .task(
                        "refund",
                        context -> {},
                        task -> task.after("ship")
                                .when(TriggerRule.all(
                                        TriggerCondition.taskFailed("ship"),
                                        TriggerCondition.contextValue("refunds", ValueOperator.EQUALS, true))))
                .build();
    }

    private static WorkflowDefinition parent() {
        return WorkflowDefinition.named("parent")
                .version("1")
                .task("hand over", context -> context.output(Map.of()), task -> task.child("order"))
                .build();
    }

    private static TestEngine engine(TestDatabase database) {
        return TestEngine.on(database.url())
                .workflow(order())
                .workflow(parent())
                .start();
    }

    private static List<UUID> submit(TestEngine engine, int number, Map<String, ?> input) {
        List<Submission> all = IntStream.range(0, number)
                .mapToObj(i -> Submission.of("order").input(input))
                .toList();
        return engine.engine().submitAll(all);
    }

    @DatabaseTest
    void an_operation_is_started_once_for_a_key(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            var operations = engine.engine().operations();
            UUID first = operations.start(ORDERS, BulkAction.cancel(), "ada", "k");
            assertThat(operations.start(ORDERS, BulkAction.cancel(), "ada", "k"))
                    .isEqualTo(first);
            assertThat(operations.start(ExecutionQuery.all(), BulkAction.retry(), "otto", "k"))
                    .isEqualTo(first);
            assertThat(operations.start(ORDERS, BulkAction.cancel(), "ada", "l"))
                    .isNotEqualTo(first);
            assertThat(operations.start(ORDERS, BulkAction.cancel(), "ada")).isNotEqualTo(first);
            assertThat(operations.list(10)).hasSize(3);
            assertThat(operations.find(first).orElseThrow().requestedBy()).isEqualTo("ada");
        }
    }

    @DatabaseTest
    void only_the_executions_of_these_ids_are_treated(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            UUID one = engine.submit("order");
            UUID between = engine.submit("order");
            UUID other = engine.submit("order");
            ExecutionQuery some = ExecutionQuery.all().ids(List.of(one, other, one));
            assertThat(engine.engine().list(some).stream().map(Execution::id)).containsExactly(other, one);
            assertThat(engine.engine().search(some).next()).isNull();

            BulkOperation ended = run(engine, some, BulkAction.cancel());
            assertCounts(ended, 2, 0, 0, 0);
            assertThat(ended.query()).isEqualTo("2 selected executions");
            assertThat(engine.execution(between).status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(run(engine, ExecutionQuery.all().ids(List.of(between)), BulkAction.pause(null))
                            .query())
                    .isEqualTo("execution " + between);
            for (List<UUID> wrong : List.of(
                    List.<UUID>of(),
                    Stream.generate(UUID::randomUUID).limit(101).toList())) {
                assertThatThrownBy(() -> ExecutionQuery.all().ids(wrong))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("INVALID_QUERY"));
            }
        }
    }

    private static BulkOperation finished(TestEngine engine, UUID operation) {
        engine.tick();
        return engine.engine().operations().find(operation).orElseThrow();
    }

    private static BulkOperation run(TestEngine engine, ExecutionQuery query, BulkAction action) {
        return finished(engine, engine.engine().operations().start(query, action));
    }

    private static void answer(TestEngine engine, List<UUID> executions) {
        executions.forEach(id -> engine.engine().signal(id, "answer", null));
        engine.tick();
    }

    private static void assertCounts(BulkOperation operation, int done, int skipped, int children, int failed) {
        assertThat(List.of(operation.done(), operation.skipped(), operation.children(), operation.failed()))
                .as(operation.toString())
                .containsExactly(done, skipped, children, failed);
        assertThat(operation.state()).isEqualTo(BulkOperationState.COMPLETED);
        assertThat(operation.endedAt()).isNotNull();
    }

    @DatabaseTest
    void a_preview_counts_what_would_be_done_and_changes_nothing(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<UUID> orders = submit(engine, 7, Map.of());
            engine.submit("parent");
            engine.tick();
            answer(engine, orders.subList(0, 2));

            BulkPreview preview = engine.engine().operations().preview(ORDERS, BulkAction.cancel());
            assertThat(preview.matching()).hasToString("8");
            assertThat(preview.fitting()).isEqualTo(Map.of(ExecutionStatus.RUNNING, 5));
            assertThat(preview.skipped()).isEqualTo(Map.of(ExecutionStatus.COMPLETED, 2));
            assertThat(preview.children()).isEqualTo(1);
            assertThat(preview.newest()).extracting(Execution::id).startsWith(orders.get(6));
            assertThat(engine.engine().operations().list(10)).isEmpty();
            assertThat(engine, orders.get(6)).hasStatus(ExecutionStatus.RUNNING);
        }
    }

    @DatabaseTest
    void those_that_match_are_cancelled_and_no_child_beside_its_parent_and_none_that_came_later(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<UUID> orders = submit(engine, 300, Map.of());
            UUID parent = engine.submit("parent");
            engine.tick();
            answer(engine, orders.subList(0, 2));
            UUID operation = engine.engine().operations().start(ORDERS, BulkAction.cancel(), "ada");
            UUID later = engine.submit("order");

            BulkOperation ended = finished(engine, operation);

            assertCounts(ended, 298, 2, 1, 0);
            assertThat(ended.firstSkipped()).startsWith("execution ").endsWith(" is Completed");
            assertThat(ended.query()).isEqualTo("workflow 'order'");
            assertThat(ended.requestedBy()).isEqualTo("ada");
            assertThat(ended.expected()).hasToString("301");
            assertThat(ended.action()).hasToString("cancel");
            orders.subList(2, 300).forEach(id -> assertThat(engine, id).hasStatus(ExecutionStatus.CANCELLED));
            assertThat(engine, orders.get(0)).isCompleted();
            assertThat(engine, parent).hasStatus(ExecutionStatus.RUNNING);
            assertThat(engine, later).hasStatus(ExecutionStatus.RUNNING);
            assertThat(engine.engine().operations().list(1)).containsExactly(ended);
        }
    }

    @DatabaseTest
    void a_parent_takes_its_children_with_it(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            engine.submit("parent");
            engine.tick();
            assertCounts(run(engine, ExecutionQuery.all(), BulkAction.cancel()), 1, 0, 1, 0);
            assertThat(engine.engine().list(ExecutionQuery.all()))
                    .hasSize(2)
                    .allMatch(each -> each.status() == ExecutionStatus.CANCELLED);

            assertCounts(run(engine, ExecutionQuery.all(), BulkAction.delete()), 1, 0, 1, 0);
            assertThat(engine.engine().list(ExecutionQuery.all())).isEmpty();
            assertThat(Rows.texts(database, "SELECT task_name FROM task_executions"))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void they_are_paused_and_resumed(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<UUID> orders = submit(engine, 3, Map.of());
            engine.tick();
            assertCounts(run(engine, ORDERS, BulkAction.pause("the bank is closed")), 3, 0, 0, 0);
            assertThat(engine.execution(orders.get(1)).pauseReason()).isEqualTo("the bank is closed");
            assertCounts(run(engine, ORDERS, BulkAction.pause(null)), 0, 3, 0, 0);

            answer(engine, orders);
            assertThat(engine, orders.get(2)).hasStatus(ExecutionStatus.PAUSED);
            assertCounts(run(engine, ORDERS.status(ExecutionStatus.PAUSED), BulkAction.resume()), 3, 0, 0, 0);
            orders.forEach(id -> assertThat(engine, id).isCompleted());
        }
    }

    @DatabaseTest
    void failed_ones_are_retried_and_a_compensated_one_only_if_that_is_said(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<UUID> failing = submit(engine, 3, Map.of("fail", true));
            List<UUID> refunded = submit(engine, 1, Map.of("fail", true, "refunds", true));
            engine.tick();
            answer(engine, failing);
            answer(engine, refunded);
            ExecutionQuery failed = ORDERS.error("no truck").task("ship", List.of(TaskStatus.FAILED));

            BulkOperation ended = run(engine, failed, BulkAction.retry());
            assertCounts(ended, 3, 1, 0, 0);
            assertThat(ended.firstSkipped()).contains(refunded.get(0).toString(), "refund");
            failing.forEach(
                    id -> assertThat(engine, id).isFailed().hasTask("ship").onAttempt(2));

            BulkOperation any = run(engine, failed, BulkAction.retry(RetryMode.evenAfterCompensation()));
            assertCounts(any, 4, 0, 0, 0);
            assertThat(any.action()).hasToString("retry even after compensation");
            assertThat(any.query()).isEqualTo("workflow 'order', error 'no truck', task 'ship' failed");
        }
    }

    @DatabaseTest
    void they_are_restarted_as_new_ones_which_are_not_restarted_again(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<UUID> orders = submit(engine, 250, Map.of());
            engine.tick();
            assertCounts(run(engine, ORDERS, BulkAction.cancel()), 250, 0, 0, 0);

            assertCounts(run(engine, ORDERS, BulkAction.restart()), 250, 0, 0, 0);
            assertRestartedOnce(engine.engine(), orders);

            BulkOperation refused = run(engine, ORDERS, BulkAction.restartFrom("ship"));
            assertCounts(refused, 0, 500, 0, 0);
            assertThat(refused.firstSkipped()).contains("Running");
            assertThat(run(engine, ORDERS.status(ExecutionStatus.CANCELLED), BulkAction.restartFrom("ship"))
                            .firstSkipped())
                    .contains("task 'ship' comes after 'ask', which did not end in that execution");
        }
    }

    private static void assertRestartedOnce(Engine engine, List<UUID> orders) {
        List<Execution> all = engine.list(ORDERS.limit(10_000));
        List<UUID> from = new ArrayList<>();
        all.stream().filter(each -> each.restartedFrom() != null).forEach(each -> from.add(each.restartedFrom()));
        assertThat(from).hasSameSizeAs(orders);
        assertThat(new HashSet<>(from)).isEqualTo(Set.copyOf(orders));
    }

    @DatabaseTest
    void one_that_is_stopped_goes_no_further(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<UUID> orders = submit(engine, 3, Map.of());
            engine.tick();
            UUID operation = engine.engine().operations().start(ORDERS, BulkAction.cancel());
            engine.engine().operations().stop(operation);
            BulkOperation stopped = finished(engine, operation);
            assertThat(stopped.state()).isEqualTo(BulkOperationState.STOPPED);
            assertThat(stopped.isEnded()).isTrue();
            assertThat(stopped.done()).isZero();
            orders.forEach(id -> assertThat(engine, id).hasStatus(ExecutionStatus.RUNNING));

            engine.engine().operations().stop(operation);
            UUID unknown = UUID.randomUUID();
            assertThat(engine.engine().operations().find(unknown)).isEmpty();
            assertThatThrownBy(() -> engine.engine().operations().stop(unknown))
                    .isInstanceOf(UnknownOperationException.class)
                    .hasMessageContaining(unknown.toString());
        }
    }

    @DatabaseTest
    void the_conditions_come_back_as_they_were_said_whatever_they_contain(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            String nasty = "\"}' OR 1=1; -- \\ %_ ☃ {}";
            UUID one = engine.submit(Submission.of("order")
                    .label("customer", nasty)
                    .idempotencyKey(nasty)
                    .input(Map.of()));
            submit(engine, 5, Map.of());
            engine.tick();
            for (ExecutionQuery query : List.of(
                    ExecutionQuery.all().label("customer", nasty),
                    ExecutionQuery.all().idempotencyKey(nasty),
                    ORDERS.version("1")
                            .label("customer", nasty)
                            .task("ask", List.of(TaskStatus.WAITING, TaskStatus.READY))
                            .statuses(List.of(ExecutionStatus.RUNNING, ExecutionStatus.PAUSED))
                            .since(Instant.parse("2020-01-01T00:00:00Z"))
                            .until(Instant.parse("2100-01-01T00:00:00Z")))) {
                assertCounts(run(engine, query, BulkAction.pause(nasty)), 1, 0, 0, 0);
                assertThat(engine.execution(one).pauseReason()).isEqualTo(nasty);
                assertCounts(run(engine, query, BulkAction.resume()), 1, 0, 0, 0);
            }
            for (ExecutionQuery none : List.of(
                    ORDERS.error(nasty),
                    ORDERS.schedule(nasty),
                    ExecutionQuery.all().workflow("x"),
                    ORDERS.until(Instant.parse("2020-01-01T00:00:00Z")))) {
                assertCounts(run(engine, none, BulkAction.cancel()), 0, 0, 0, 0);
            }
        }
    }

    @DatabaseTest
    void an_operation_of_a_newer_version_is_left_to_that(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            List<UUID> orders = submit(engine, 1, Map.of());
            UUID operation = engine.engine().operations().start(ORDERS, BulkAction.cancel());
            Rows.run(database, "UPDATE bulk_operations SET query = '{\"workflow\":\"order\",\"color\":\"red\"}'");
            BulkOperation left = finished(engine, operation);
            assertThat(left.state()).isEqualTo(BulkOperationState.RUNNING);
            assertThat(left.query()).contains("color");
            assertThat(engine, orders.get(0)).hasStatus(ExecutionStatus.RUNNING);
        }
    }

    @DatabaseTest
    void an_execution_is_deleted_with_all_its_rows_when_it_has_ended(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            UUID one = engine.submit(
                    Submission.of("order").label("customer", "ada").input(Map.of("a", 1)));
            engine.tick();
            assertThatThrownBy(() -> engine.engine().delete(one))
                    .isInstanceOf(ExecutionStateException.class)
                    .hasMessageContaining("cannot be deleted: only one that has ended can; cancel it first");
            engine.engine().cancel(one);
            assertThat(engine.engine().delete(one)).isTrue();
            assertThat(engine.engine().find(one)).isEmpty();
            for (String table : List.of("task_executions", "contexts", "signals", "execution_labels")) {
                assertThat(Rows.texts(database, "SELECT 'row' FROM " + table)).isEmpty();
            }
            assertThat(engine.engine().delete(one)).isFalse();
        }
    }

    @DatabaseTest
    void one_that_the_database_refuses_is_passed_over_and_named(TestDatabase database) {
        WorkflowDefinition poison = WorkflowDefinition.named("poison")
                .version("1")
                .task("poison", context -> {})
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(order()).workflow(poison).start()) {
            submit(engine, 3, Map.of());
            UUID bad = engine.submit("poison");
            submit(engine, 30, Map.of());
            engine.tick();
            assertCounts(run(engine, ORDERS, BulkAction.cancel()), 33, 0, 0, 0);
            Rows.refuseTask(database, "poison");

            BulkOperation ended = run(engine, ExecutionQuery.all(), BulkAction.restart());

            assertCounts(ended, 33, 0, 0, 1);
            assertThat(ended.firstFailed()).startsWith("execution " + bad).contains("tasks.insert");
        }
    }

    @DatabaseTest
    void a_client_starts_one_and_a_runner_does_it_while_other_work_continues(TestDatabase database) {
        try (Engine runner = Engine.builder(database.url())
                        .workflow(WorkflowDefinition.named("order")
                                .version("1")
                                .task("a", context -> {})
                                .task("b", context -> {}, task -> task.after("a"))
                                .build())
                        .start();
                Engine client = Engine.builder(database.url()).client().start()) {
            List<Submission> bad = new ArrayList<>();
            List<Submission> good = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                bad.add(Submission.of("order").label("batch", "bad").delay(Duration.ofSeconds(i % 3)));
                good.add(Submission.of("order").label("batch", "good"));
            }
            List<UUID> toCancel = client.submitAll(bad);
            UUID operation =
                    client.operations().start(ExecutionQuery.all().label("batch", "bad"), BulkAction.cancel(), "test");
            List<UUID> toRun = client.submitAll(good);

            toRun.forEach(id -> assertThat(client.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED));
            BulkOperation now = client.operations().find(operation).orElseThrow();
            while (!now.isEnded()) {
                LockSupport.parkNanos(2_000_000);
                now = client.operations().find(operation).orElseThrow();
            }
            assertThat(now.done() + now.skipped()).isEqualTo(400);
            assertThat(now.failed()).isZero();
            long cancelled = toCancel.stream()
                    .filter(id -> client.find(id).orElseThrow().status() == ExecutionStatus.CANCELLED)
                    .count();
            assertThat(cancelled).isEqualTo(now.done());
            assertThat(runner.isRunning()).isTrue();
        }
    }

    /** Runs until it is killed. */
    static final class Victim {
        private Victim() {}

        /** With a URL. */
        public static void main(String[] arguments) throws InterruptedException {
            Engine.builder(arguments[0]).workflow(order()).start();
            Thread.currentThread().join();
        }
    }

    @DatabaseTest
    void whoever_is_killed_on_the_way_another_one_continues_and_each_is_treated_once(TestDatabase database)
            throws IOException {
        List<UUID> orders;
        UUID operation;
        try (TestEngine engine = engine(database)) {
            orders = submit(engine, KILLED_IN, Map.of());
            assertCounts(run(engine, ORDERS, BulkAction.cancel()), KILLED_IN, 0, 0, 0);
            operation = engine.engine().operations().start(ORDERS, BulkAction.restart());
        }
        try (Engine client = Engine.builder(database.url()).client().start()) {
            for (int kill = 1; kill <= 2; kill++) {
                Process victim = OwnProcess.start(Victim.class, database.url());
                int before = client.operations().find(operation).orElseThrow().done();
                while (client.operations().find(operation).orElseThrow().done() == before && victim.isAlive()) {
                    LockSupport.parkNanos(2_000_000);
                }
                victim.destroyForcibly().onExit().join();
                BulkOperation left = client.operations().find(operation).orElseThrow();
                assertThat(left.done()).as(left.toString()).isPositive();
            }
        }
        try (TestEngine engine = engine(database)) {
            assertCounts(finished(engine, operation), KILLED_IN, 0, 0, 0);
            assertRestartedOnce(engine.engine(), orders);
        }
    }

    private static Set<UUID> ids(Engine engine, ExecutionQuery query) {
        return engine.list(query.limit(10_000)).stream().map(Execution::id).collect(Collectors.toSet());
    }

    @DatabaseTest
    void exactly_those_of_a_search_are_cancelled_while_all_of_them_run(TestDatabase database) {
        CountDownLatch begun = new CountDownLatch(1);
        WorkflowDefinition work = WorkflowDefinition.named("work")
                .task("first", context -> begun.await())
                .task("second", context -> {}, task -> task.after("first"))
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(work).start()) {
            ExecutionQuery bad = ExecutionQuery.all().label("batch", "bad");
            List<Submission> all = IntStream.range(0, 1_200)
                    .mapToObj(i -> i % 3 == 0 ? Submission.of("work").label("batch", "bad") : Submission.of("work"))
                    .toList();
            List<UUID> submitted = engine.submitAll(all);
            Set<UUID> labelled = IntStream.range(0, submitted.size())
                    .filter(i -> i % 3 == 0)
                    .mapToObj(submitted::get)
                    .collect(Collectors.toSet());

            UUID id = engine.operations().start(bad, BulkAction.cancel());
            BulkOperation operation = engine.operations().find(id).orElseThrow();
            while (!operation.isEnded()) {
                operation = engine.operations().find(id).orElseThrow();
                if (operation.done() > 0) {
                    begun.countDown(); // from now on executions end meanwhile
                }
            }
            submitted.forEach(engine::await);

            Set<UUID> cancelled = ids(engine, ExecutionQuery.all().status(ExecutionStatus.CANCELLED));
            Set<UUID> completed = ids(engine, ExecutionQuery.all().status(ExecutionStatus.COMPLETED));
            assertThat(cancelled).isSubsetOf(labelled).hasSize(operation.done()).isNotEmpty();
            assertThat(Stream.concat(cancelled.stream(), completed.stream()))
                    .containsExactlyInAnyOrderElementsOf(submitted);
            assertThat(operation.skipped())
                    .as("those that had ended when they were reached")
                    .isEqualTo(labelled.size() - cancelled.size());
            assertThat(operation.failed()).isZero();
        }
    }
}
