package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SubmissionTest {
    private static final TaskBody NOTHING = context -> {};
    private static final WorkflowDefinition SIMPLE =
            WorkflowDefinition.named("simple").task("do", NOTHING).build();

    private static TestEngine simple(TestDatabase database) {
        return TestEngine.on(database.url()).workflow(SIMPLE).start();
    }

    @DatabaseTest
    void what_was_submitted_is_there_for_other_processes_before_it_runs(TestDatabase database) {
        try (TestEngine engine = simple(database);
                TestEngine other = simple(database)) {
            UUID id = engine.submit("simple", Map.of("x", 1));

            assertThat(other, id).isPending().hasTask("do").ready().onAttempt(0);
            assertThat(other.engine().context(id).get("x", Integer.class)).isEqualTo(1);
            assertThat(other.execution(id).createdAt()).isEqualTo(ManualClock.DEFAULT_START);
            other.tick();
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void an_unknown_workflow_is_an_error_that_names_those_there_are_and_stores_nothing(TestDatabase database) {
        try (TestEngine engine = simple(database)) {
            assertThatThrownBy(() -> engine.submit("simpel", Map.of("x", 1)))
                    .isInstanceOf(UnknownWorkflowException.class)
                    .hasMessageContaining("'simpel'")
                    .hasMessageContaining("simple");
            assertThatThrownBy(
                            () -> engine.engine().submitAll(List.of(Submission.of("simple"), Submission.of("simpel"))))
                    .isInstanceOf(UnknownWorkflowException.class);

            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
        }
    }

    @DatabaseTest
    void an_error_of_one_in_a_batch_says_which(TestDatabase database) {
        WorkflowDefinition needs = WorkflowDefinition.named("needs")
                .input("n", int.class)
                .task("a", NOTHING)
                .build();
        Submission fine = Submission.of("needs").input(Map.of("n", 1));
        Submission wrong = Submission.of("needs");
        String problem =
                "the input does not fit workflow 'needs': n: expected a whole number of 32 bits, and it is absent";
        try (TestEngine engine = TestEngine.on(database.url()).workflow(needs).start()) {
            assertThatThrownBy(() -> engine.engine().submitAll(List.of(fine, fine, wrong.idempotencyKey("k"), wrong)))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_INPUT"))
                    .hasMessage("submission 2 (idempotency key 'k'), counted from 0: " + problem);
            assertThatThrownBy(() -> engine.engine().submitAll(List.of(wrong, fine)))
                    .hasMessage("submission 0, counted from 0: " + problem);
            assertThatThrownBy(() -> engine.engine().submit(wrong)).hasMessage(problem);
            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
        }
    }

    @DatabaseTest
    void a_batch_is_stored_as_a_whole_or_not_at_all(TestDatabase database) {
        WorkflowDefinition wide = WorkflowDefinition.named("wide")
                .task("a", NOTHING)
                .task("refused", NOTHING, task -> task.after("a"))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(SIMPLE).workflow(wide).start()) {
            Rows.refuseTask(database, "refused");

            assertThatThrownBy(() -> engine.engine()
                            .submitAll(List.of(
                                    Submission.of("simple").input(Map.of("x", 1)),
                                    Submission.of("wide").input(Map.of("x", 2)),
                                    Submission.of("simple"))))
                    .hasStackTraceContaining("refused by the test");
            assertThat(Rows.counts(database)).isEqualTo(Rows.none());

            UUID id = engine.run("simple").id();
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void ten_thousand_are_submitted_in_one_batch_and_all_run(TestDatabase database) {
        List<Submission> all = IntStream.range(0, 10_000)
                .mapToObj(i -> Submission.of("simple").input(Map.of("number", i)))
                .toList();
        try (Engine engine = Engine.builder(database.url()).workflow(SIMPLE).start()) {
            List<UUID> ids = engine.submitAll(all);

            assertThat(new HashSet<>(ids)).hasSize(10_000);
            assertThat(engine.context(ids.get(4_711)).get("number", Integer.class))
                    .isEqualTo(4_711);
            ids.forEach(id -> assertThat(engine.await(id)).isCompleted());
            assertThat(engine.list(ExecutionQuery.all().workflow("simple").unfinished()))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void an_empty_batch_is_nothing(TestDatabase database) {
        try (TestEngine engine = simple(database)) {
            assertThat(engine.engine().submitAll(List.of())).isEmpty();
            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
        }
    }

    @DatabaseTest
    void a_key_that_was_used_gives_the_first_execution(TestDatabase database) {
        WorkflowDefinition other =
                WorkflowDefinition.named("other").task("do", NOTHING).build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(SIMPLE).workflow(other).start()) {
            Submission submission = Submission.of("simple").idempotencyKey("order-42");
            UUID first = engine.submit(submission.input(Map.of("x", 1)));

            assertThat(engine.submit(submission.input(Map.of("x", 2)))).isEqualTo(first);
            engine.tick();
            assertThat(engine.submit(submission)).isEqualTo(first);
            engine.tick();

            assertThat(engine, first).isCompleted().hasTask("do").onAttempt(1);
            assertThat(engine.execution(first).idempotencyKey()).isEqualTo("order-42");
            assertThat(engine.engine().context(first).get("x", Integer.class)).isEqualTo(1);
            assertThat(engine.submit(Submission.of("other").idempotencyKey("order-42")))
                    .isNotEqualTo(first);
            assertThat(engine.submit(Submission.of("simple").idempotencyKey("order-43")))
                    .isNotEqualTo(first);
            assertThat(engine.engine().list(ExecutionQuery.all())).hasSize(3);
        }
    }

    @DatabaseTest
    void a_key_that_comes_twice_in_a_batch_is_one_execution(TestDatabase database) {
        try (TestEngine engine = simple(database)) {
            UUID before = engine.submit(Submission.of("simple").idempotencyKey("before"));

            List<UUID> ids = engine.engine()
                    .submitAll(List.of(
                            Submission.of("simple").idempotencyKey("twice"),
                            Submission.of("simple"),
                            Submission.of("simple").idempotencyKey("before"),
                            Submission.of("simple").idempotencyKey("twice")));

            assertThat(ids.get(3)).isEqualTo(ids.get(0));
            assertThat(ids.get(2)).isEqualTo(before);
            assertThat(new HashSet<>(ids)).hasSize(3);
            assertThat(Rows.counts(database))
                    .containsEntry("pipeline_executions", 3)
                    .containsEntry("task_executions", 3);
        }
    }

    @DatabaseTest
    void of_two_engines_that_use_a_key_at_once_one_is_first(TestDatabase database) throws Exception {
        int threads = 8;
        int keys = 25;
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try (Engine one = Engine.builder(database.url()).workflow(SIMPLE).start();
                Engine two = Engine.builder(database.url()).workflow(SIMPLE).start()) {
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Callable<List<UUID>>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Engine engine = i % 2 == 0 ? one : two;
                calls.add(() -> {
                    List<UUID> ids = new ArrayList<>();
                    for (int key = 0; key < keys; key++) {
                        together.await();
                        ids.add(engine.submit(Submission.of("simple").idempotencyKey("key-" + key)));
                    }
                    return ids;
                });
            }
            Set<List<UUID>> answers = new HashSet<>();
            for (Future<List<UUID>> answer : callers.invokeAll(calls)) {
                answers.add(answer.get());
            }

            assertThat(answers).hasSize(1);
            List<UUID> ids = answers.iterator().next();
            assertThat(new HashSet<>(ids)).hasSize(keys);
            ids.forEach(id -> assertThat(two.await(id)).isCompleted());
            assertThat(Rows.counts(database)).containsEntry("pipeline_executions", keys);
        } finally {
            callers.shutdownNow();
        }
    }

    @DatabaseTest
    void it_exists_if_and_when_the_transaction_of_the_caller_is_committed(TestDatabase database) throws SQLException {
        try (TestEngine engine = simple(database);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id INTEGER)");
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (1)");

            UUID id = engine.engine().submit(connection, Submission.of("simple").input(Map.of("order", 1)));
            assertThat(engine.engine().find(id)).isEmpty();
            statement.execute("INSERT INTO orders VALUES (2)");
            connection.commit();

            assertThat(engine, id).isPending();
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("order", Integer.class)).isEqualTo(1);
            assertThat(Rows.texts(database, "SELECT id FROM orders ORDER BY id"))
                    .containsExactly("1", "2");
        }
    }

    @DatabaseTest
    void it_never_was_if_the_transaction_of_the_caller_is_rolled_back(TestDatabase database) throws SQLException {
        try (TestEngine engine = simple(database);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id INTEGER)");
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (1)");

            UUID id = engine.engine()
                    .submit(
                            connection,
                            Submission.of("simple").input(Map.of("order", 1)).idempotencyKey("k"));
            connection.rollback();
            engine.tick();

            assertThat(engine.engine().find(id)).isEmpty();
            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
            assertThat(Rows.texts(database, "SELECT id FROM orders")).isEmpty();
            assertThat(engine.run(Submission.of("simple").idempotencyKey("k"))).isCompleted();
        }
    }

    @DatabaseTest
    void a_running_engine_finds_what_was_committed_with_the_caller(TestDatabase database) throws SQLException {
        try (Engine engine = Engine.builder(database.url()).workflow(SIMPLE).start();
                Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            UUID id = engine.submit(connection, Submission.of("simple"));
            connection.commit();

            // Long before the next regular look.
            assertThat(engine.await(id, Duration.ofSeconds(4)))
                    .get()
                    .satisfies(done -> assertThat(done).isCompleted());
        }
    }

    @DatabaseTest
    void a_refusal_leaves_the_transaction_of_the_caller_as_it_was(TestDatabase database) throws SQLException {
        try (TestEngine engine = simple(database);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id INTEGER)");
            assertThatThrownBy(() -> engine.engine().submit(connection, Submission.of("simple")))
                    .isInstanceOf(DatabaseException.class);
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (1)");

            assertThatThrownBy(() -> engine.engine().submit(connection, Submission.of("unknown")))
                    .isInstanceOf(UnknownWorkflowException.class);
            connection.commit();

            assertThat(Rows.texts(database, "SELECT id FROM orders")).containsExactly("1");
            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
        }
    }

    @DatabaseTest
    void the_connection_of_another_database_is_refused(TestDatabase database) throws SQLException {
        try (TestDatabase elsewhere = TestDatabase.create(database.backend());
                TestEngine engine = simple(database);
                TestEngine there = simple(elsewhere);
                Connection connection = elsewhere.connect()) {
            connection.setAutoCommit(false);

            assertThatThrownBy(() -> engine.engine().submit(connection, Submission.of("simple")))
                    .isInstanceOf(DatabaseException.class);
            connection.commit();

            assertThat(there.engine().list(ExecutionQuery.all())).isEmpty();
        }
    }

    @DatabaseTest
    void a_start_that_is_delayed_comes_when_it_is_due(TestDatabase database) {
        try (TestEngine engine = simple(database)) {
            UUID delayed = engine.submit(Submission.of("simple").delay(Duration.ofHours(1)));
            UUID at = engine.submit(Submission.of("simple").startAt(ManualClock.DEFAULT_START.plusSeconds(1_800)));
            UUID past = engine.submit(Submission.of("simple").startAt(ManualClock.DEFAULT_START.minusSeconds(1)));
            engine.tick();
            assertThat(engine, past).isCompleted();
            assertThat(engine, at).isPending().hasTask("do").dueAt(ManualClock.DEFAULT_START.plusSeconds(1_800));
            assertThat(engine.execution(delayed).startAfter()).isEqualTo(ManualClock.DEFAULT_START.plusSeconds(3_600));

            engine.advance(Duration.ofMinutes(30));
            assertThat(engine, at).isCompleted();
            assertThat(engine, delayed).isPending();

            engine.advance(Duration.ofMinutes(30).minusNanos(1_000));
            assertThat(engine, delayed).isPending();
            engine.advance(Duration.ofNanos(1_000));
            assertThat(engine, delayed).isCompleted();
        }
    }

    @DatabaseTest
    void the_more_urgent_runs_first_and_among_equals_the_older(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        TaskBody noting = context -> ran.add(context.get("name", String.class) + " " + context.taskName());
        WorkflowDefinition urgent = WorkflowDefinition.named("urgent")
                .task("usual", noting)
                .task("hurried", noting, task -> task.priority(1))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(urgent)
                .configure(builder -> builder.slots(1))
                .start()) {
            List<Integer> priorities = List.of(0, 10, -10, 10);
            for (int i = 0; i < priorities.size(); i++) {
                engine.submit(
                        Submission.of("urgent").priority(priorities.get(i)).input(Map.of("name", i + "")));
            }

            engine.tick();

            assertThat(ran)
                    .containsExactly(
                            "1 hurried",
                            "3 hurried",
                            "1 usual",
                            "3 usual",
                            "0 hurried",
                            "0 usual",
                            "2 hurried",
                            "2 usual");
        }
    }

    @DatabaseTest
    void what_cannot_be_submitted_says_why(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(SIMPLE)
                .configure(builder -> builder.maxContextBytes(1_000))
                .start()) {
            assertRefused(() -> Submission.of("simple").priority(1_000_001), "INVALID_PRIORITY");
            assertRefused(() -> Submission.of("simple").idempotencyKey(" "), "INVALID_KEY");
            assertRefused(() -> Submission.of("simple").idempotencyKey("k".repeat(201)), "INVALID_KEY");
            assertRefused(() -> Submission.of("simple").delay(Duration.ofNanos(-1)), "INVALID_DELAY");
            assertRefused(() -> engine.submit("simple", Map.of("x", "y".repeat(1_000))), "CONTEXT_TOO_LARGE");

            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
            Execution longest = engine.run(Submission.of("simple").idempotencyKey("ü".repeat(200)));
            assertThat(longest).isCompleted();
        }
    }

    private static void assertRefused(Callable<?> asked, String code) {
        assertThatThrownBy(asked::call)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @DatabaseTest
    void nothing_is_taken_by_a_closed_engine(TestDatabase database) {
        Engine engine = Engine.builder(database.url()).workflow(SIMPLE).start();
        engine.close();

        assertThatThrownBy(() -> engine.submit("simple", Map.of()))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("ENGINE_CLOSED"));
        assertThat(Rows.counts(database)).isEqualTo(Rows.none());
    }
}
