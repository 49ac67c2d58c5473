package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Code of the application around submissions and bodies. */
class InterceptorsTest {
    private final List<String> order = new ArrayList<>();

    private final WorkflowDefinition noting = WorkflowDefinition.named("noting")
            .task(
                    "t",
                    context -> order.add(
                            "body of " + context.find("tenant", String.class).orElse("nobody")))
            .build();

    private TestEngine engine(TestDatabase database, WorkflowDefinition workflow, EngineInterceptor... interceptors) {
        return TestEngine.on(database.url())
                .workflow(workflow)
                .configure(builder -> List.of(interceptors).forEach(builder::interceptor))
                .start();
    }

    private EngineInterceptor named(String name) {
        return new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                order.add(name + " submits " + submissions.size());
                List<UUID> ids = next.submit(submissions);
                order.add(name + " submitted " + ids.size());
                return ids;
            }

            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                order.add(name + " before " + task.taskName());
                next.run();
                order.add(name + " after " + task.taskName());
            }
        };
    }

    @DatabaseTest
    void the_first_is_the_outermost(TestDatabase database) {
        try (TestEngine engine = engine(database, noting, named("a"), named("b"))) {
            engine.run("noting");

            assertThat(order)
                    .containsExactly(
                            "a submits 1",
                            "b submits 1",
                            "b submitted 1",
                            "a submitted 1",
                            "a before t",
                            "b before t",
                            "body of nobody",
                            "b after t",
                            "a after t");
        }
    }

    @DatabaseTest
    void batches_and_submissions_in_a_transaction_pass_as_well(TestDatabase database) throws Exception {
        try (TestEngine engine = engine(database, noting, named("a"));
                Connection connection = database.connect()) {
            engine.engine().submitAll(List.of(Submission.of("noting"), Submission.of("noting")));
            engine.engine().submitAll(List.of());
            connection.setAutoCommit(false);
            engine.engine().submit(connection, Submission.of("noting"));
            connection.commit();

            assertThat(order).containsExactly("a submits 2", "a submitted 2", "a submits 1", "a submitted 1");
        }
    }

    @DatabaseTest
    void a_restart_passes_as_a_submission_with_the_input_of_the_new_execution(TestDatabase database) {
        List<Submission> seen = new ArrayList<>();
        Map<String, Object> added = new HashMap<>();
        EngineInterceptor tenant = new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                seen.addAll(submissions);
                if (added.isEmpty()) {
                    return next.submit(submissions);
                }
                Map<String, Object> input = new HashMap<>(submissions.get(0).input());
                input.putAll(added);
                return next.submit(List.of(submissions.get(0).input(input)));
            }
        };
        try (TestEngine engine = engine(database, noting, tenant)) {
            UUID first = engine.run(Submission.of("noting")
                            .input(Map.of("tenant", "acme", "rates", List.of(1.50, 2), "of", Map.of("a", true))))
                    .id();
            String json = engine.engine().context(first).json();
            UUID same = engine.engine().restart(first);
            assertThat(engine.engine().context(same).json()).isEqualTo(json);

            added.put("by", "Ada");
            UUID changed = engine.engine().restart(first);
            assertThat(engine.engine().context(changed).get("by", String.class)).isEqualTo("Ada");
            assertThat(engine.engine().context(changed).get("rates", new TypeOf<List<Double>>() {}))
                    .containsExactly(1.5, 2.0);

            UUID given = engine.engine().restart(Restart.of(first).input(Map.of("tenant", "bolt")));
            engine.tick();
            assertThat(engine.engine().context(given).get("by", String.class)).isEqualTo("Ada");
            assertThat(seen)
                    .extracting(Submission::workflow)
                    .containsOnly("noting")
                    .hasSize(4);
            assertThat(seen.get(1).input()).isEqualTo(seen.get(2).input());
            assertThat(order).containsExactlyInAnyOrder("body of acme", "body of acme", "body of acme", "body of bolt");
        }
    }

    @DatabaseTest
    void of_a_restart_neither_the_workflow_nor_a_key_nor_a_start_can_be_set(TestDatabase database) {
        Map<String, UnaryOperator<Submission>> changes = Map.of(
                "it named workflow 'other'", each -> Submission.of("other").input(each.input()),
                "it set an idempotency key", each -> each.idempotencyKey("k"),
                "it set a start", each -> each.startAt(Instant.EPOCH));
        List<UnaryOperator<Submission>> change = new ArrayList<>(List.of(UnaryOperator.identity()));
        try (TestEngine engine = engine(database, noting, changing(change))) {
            UUID first = engine.run("noting").id();
            changes.forEach((problem, each) -> {
                change.set(0, each);
                assertThatThrownBy(() -> engine.engine().restart(first))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("INVALID_ARGUMENT"))
                        .hasMessageContaining(problem);
            });
            assertThat(engine.engine().list(ExecutionQuery.all())).hasSize(1);
        }
    }

    @DatabaseTest
    void a_restart_is_handed_on_as_one_submission(TestDatabase database) {
        AtomicInteger times = new AtomicInteger(1);
        EngineInterceptor repeating = new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                return next.submit(Collections.nCopies(times.get(), submissions.get(0)));
            }
        };
        try (TestEngine engine = engine(database, noting, repeating)) {
            UUID first = engine.run("noting").id();
            for (int several : new int[] {0, 2}) {
                times.set(several);
                assertThatThrownBy(() -> engine.engine().restart(first))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("INVALID_ARGUMENT"))
                        .hasMessageContaining("there are " + several + " submissions");
            }
            assertThat(engine.engine().list(ExecutionQuery.all())).hasSize(1);
        }
    }

    @DatabaseTest
    void what_one_adds_to_each_submission_it_adds_to_restarts_as_well(TestDatabase database) {
        List<Submission> seen = new ArrayList<>();
        UnaryOperator<Submission> adding = each -> {
            seen.add(each);
            return each.label("by", "Ada").priority(each.priority() + 1).deadline(Duration.ofHours(1));
        };
        try (TestEngine engine = engine(database, noting, changing(new ArrayList<>(List.of(adding))))) {
            UUID first =
                    engine.run(Submission.of("noting").label("customer", "7")).id();
            engine.advance(Duration.ofMinutes(5));

            UUID restarted = engine.engine().restart(first);

            assertThat(seen.get(1).labels()).isEqualTo(Map.of("by", "Ada", "customer", "7"));
            assertThat(seen.get(1).priority()).isEqualTo(1);
            Execution stored = engine.engine().find(restarted).orElseThrow();
            assertThat(stored.priority()).isEqualTo(2);
            assertThat(stored.deadline()).isEqualTo(stored.createdAt().plus(Duration.ofHours(1)));
            assertThat(engine.engine().labels(restarted)).isEqualTo(Map.of("by", "Ada", "customer", "7"));
        }
    }

    private static EngineInterceptor changing(List<UnaryOperator<Submission>> change) {
        return new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                return next.submit(submissions.stream().map(change.get(0)).toList());
            }
        };
    }

    @DatabaseTest
    void a_submission_is_changed_on_its_way(TestDatabase database) {
        EngineInterceptor tenant = new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                return next.submit(submissions.stream()
                        .map(each -> {
                            Map<String, Object> input = new HashMap<>(each.input());
                            input.put("tenant", "acme");
                            return each.input(input);
                        })
                        .toList());
            }
        };
        try (TestEngine engine = engine(database, noting, tenant)) {
            engine.run("noting");

            assertThat(order).containsExactly("body of acme");
        }
    }

    @DatabaseTest
    void what_one_throws_is_thrown_by_the_submission_and_nothing_is_stored(TestDatabase database) {
        SecurityException forbidden = new SecurityException("not this one");
        EngineInterceptor guard = new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                throw forbidden;
            }
        };
        try (TestEngine engine = engine(database, noting, guard)) {
            assertThatThrownBy(() -> engine.submit("noting")).isSameAs(forbidden);
            assertThat(engine.engine().list(ExecutionQuery.all())).isEmpty();
        }
    }

    @DatabaseTest
    void what_one_throws_fails_the_attempt_which_is_retried(TestDatabase database) {
        EngineInterceptor flaky = new EngineInterceptor() {
            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                if (task.attempt() == 1) {
                    throw new IllegalStateException("the tracer is away");
                }
                next.run();
            }
        };
        WorkflowDefinition retried = WorkflowDefinition.named("retried")
                .task(
                        "t",
                        context -> order.add("body"),
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ofSeconds(1))))
                .build();
        try (TestEngine engine = engine(database, retried, flaky)) {
            UUID id = engine.submit("retried");
            engine.tick();
            assertThat(engine, id).hasTask("t").ready().because("the tracer is away");
            engine.advance(Duration.ofSeconds(1));

            assertThat(engine, id).isCompleted().hasTask("t").onAttempt(2);
            assertThat(order).containsExactly("body");
        }
    }

    @DatabaseTest
    void what_a_body_throws_passes_through_and_may_be_replaced(TestDatabase database) {
        EngineInterceptor translating = new EngineInterceptor() {
            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                try {
                    next.run();
                } catch (IllegalStateException e) {
                    throw new IllegalArgumentException("translated: " + e.getMessage(), e);
                }
            }
        };
        WorkflowDefinition failing = WorkflowDefinition.named("failing")
                .task("t", context -> {
                    throw new IllegalStateException("broken");
                })
                .build();
        try (TestEngine engine = engine(database, failing, translating)) {
            assertThat(engine, engine.run("failing").id()).hasTask("t").failed().because("translated: broken");
        }
    }

    @DatabaseTest
    void each_run_for_an_element_passes_and_what_is_written_around_a_body_counts(TestDatabase database) {
        EngineInterceptor doubling = new EngineInterceptor() {
            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                next.run();
                task.output(task.element(Integer.class) * 2);
            }
        };
        WorkflowDefinition each = WorkflowDefinition.named("each")
                .task("t", context -> {}, task -> task.forEach("numbers"))
                .build();
        try (TestEngine engine = engine(database, each, doubling)) {
            UUID id = engine.run(Submission.of("each").input(Map.of("numbers", List.of(1, 2, 3))))
                    .id();

            assertThat(engine.engine().context(id).get("t", new TypeOf<List<Integer>>() {}))
                    .containsExactly(2, 4, 6);
        }
    }

    @DatabaseTest
    void around_a_transactional_body_one_is_in_its_transaction(TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE audit (what TEXT)");
        }
        EngineInterceptor auditing = new EngineInterceptor() {
            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                next.run();
                try (var statement = task.connection().createStatement()) {
                    statement.executeUpdate("INSERT INTO audit VALUES ('attempt " + task.attempt() + "')");
                }
                if (task.attempt() == 1) {
                    throw new IllegalStateException("once more");
                }
            }
        };
        WorkflowDefinition transactional = WorkflowDefinition.named("transactional")
                .task("t", context -> {}, task -> task.transactional().retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
        try (TestEngine engine = engine(database, transactional, auditing)) {
            assertThat(engine.run("transactional")).isCompleted();
        }
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT what FROM audit")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("attempt 2");
            assertThat(rows.next()).isFalse();
        }
    }

    /** Lets executions carry who asked for them, and hands that on with the way that it took. */
    private EngineInterceptor carrying() {
        return new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                return next.submit(submissions.stream()
                        .map(each -> each.carrying("user", "Ada \"\u00e9\uD83D\uDE00\""))
                        .toList());
            }

            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                order.add(task.workflow() + " " + next.carried());
                assertThat(next.submittedAt()).isBeforeOrEqualTo(task.now());
                String way = next.carried().getOrDefault("way", "") + "/" + task.taskName();
                next.handOn(Map.of("way", way));
                next.run();
            }

            @Override
            public Map<String, String> onSchedule(String schedule, String workflow) {
                return Map.of("schedule", schedule);
            }
        };
    }

    private static final String ADA = "{user=Ada \"\u00e9\uD83D\uDE00\"}";

    @DatabaseTest
    void what_a_submission_carries_is_seen_around_every_body_also_of_a_batch_a_transaction_and_a_restart(
            TestDatabase database) throws Exception {
        WorkflowDefinition chain = WorkflowDefinition.named("chain")
                .task("a", context -> {})
                .task("b", context -> {}, task -> task.after("a").transactional())
                .build();
        try (TestEngine engine = engine(database, chain, carrying());
                Connection connection = database.connect()) {
            UUID first =
                    engine.engine().submitAll(List.of(Submission.of("chain"))).get(0);
            engine.tick();
            assertThat(order).containsExactly("chain " + ADA, "chain " + ADA);

            connection.setAutoCommit(false);
            engine.engine().submit(connection, Submission.of("chain"));
            connection.commit();
            engine.tick();
            engine.engine().restart(first);
            engine.tick();
            assertThat(order).hasSize(6).containsOnly("chain " + ADA);
        }
    }

    @DatabaseTest
    void a_task_hands_on_to_its_child_and_to_what_its_execution_continues_as(TestDatabase database) {
        WorkflowDefinition child =
                WorkflowDefinition.named("child").task("c", context -> {}).build();
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task("p", context -> context.output(Map.of()), task -> task.child("child"))
                .task("q", context -> context.continueAs("child", Map.of()), task -> task.after("p"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(parent)
                .workflow(child)
                .configure(builder -> builder.interceptor(carrying()))
                .start()) {
            engine.run("parent");
            engine.tick();
            assertThat(order).containsExactly("parent " + ADA, "child {way=/p}", "parent " + ADA, "child {way=/q}");
        }
    }

    @DatabaseTest
    void an_interceptor_says_what_an_execution_of_a_schedule_carries(TestDatabase database) {
        try (TestEngine engine = engine(database, noting, carrying())) {
            engine.engine().schedules().put(Schedule.of("hourly", "noting").cron("0 * * * *"));
            engine.engine().schedules().fire("hourly");
            engine.tick();
            engine.advance(Duration.ofHours(1));
            assertThat(order.stream().filter(each -> each.startsWith("noting")))
                    .containsExactly("noting {schedule=hourly}", "noting {schedule=hourly}");
        }
    }

    @DatabaseTest
    void without_an_interceptor_nothing_is_carried_on_and_what_was_carried_is_still_there(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(noting).start()) {
            engine.submit(Submission.of("noting").carrying("user", "Bob").startAt(Instant.EPOCH));
        }
        try (TestEngine engine = engine(database, noting, carrying())) {
            engine.tick();
            assertThat(order).contains("noting {user=Bob}");
        }
    }

    @DatabaseTest
    void what_cannot_be_carried_is_refused_and_nothing_is_stored(TestDatabase database) {
        Submission most = Submission.of("noting");
        for (int i = 0; i < Submission.MAX_CARRIED; i++) {
            most = most.carrying("name" + i, "x".repeat(Submission.MAX_CARRIED_LENGTH));
        }
        Submission full = most;
        List<UnaryOperator<Submission>> wrong = List.of(
                each -> full.carrying("one more", ""),
                each -> each.carrying(" ", "value"),
                each -> each.carrying("a\nb", "value"),
                each -> each.carrying("a", "\0"),
                each -> each.carrying("a", "\uD83D"),
                each -> each.carrying("a", "x".repeat(Submission.MAX_CARRIED_LENGTH + 1)));
        try (TestEngine engine = engine(database, noting, carrying())) {
            for (UnaryOperator<Submission> each : wrong) {
                assertThatThrownBy(() -> each.apply(Submission.of("noting")))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("INVALID_CARRIED"));
            }
            assertThat(engine.engine().list(ExecutionQuery.all())).isEmpty();
        }
        try (TestEngine engine = engine(database, noting)) {
            assertThat(engine.run(full)).isCompleted();
        }
    }

    @DatabaseTest
    void one_that_calls_next_twice_is_refused_and_the_body_runs_once(TestDatabase database) {
        EngineInterceptor twice = new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                if (submissions.size() > 1) {
                    next.submit(submissions);
                }
                return next.submit(submissions);
            }

            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                next.run();
                next.run();
            }
        };
        try (TestEngine engine = engine(database, noting, twice)) {
            assertThat(engine, engine.run("noting").id())
                    .isFailed()
                    .hasTask("t")
                    .because("an interceptor called next.run() twice around task 't'; it must call it at most once");
            assertThat(order).containsExactly("body of nobody");
            Submission submission = Submission.of("noting").idempotencyKey("k");
            assertThatThrownBy(() -> engine.engine().submitAll(List.of(submission, submission)))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_ARGUMENT"))
                    .hasMessage("an interceptor called next.submit(...) twice; it must call it at most once;"
                            + " the executions that the first call returned are stored");
        }
    }

    @DatabaseTest
    void one_that_returns_fewer_ids_is_refused(TestDatabase database) {
        EngineInterceptor losing = new EngineInterceptor() {
            @Override
            public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                return List.of();
            }
        };
        try (TestEngine engine = engine(database, noting, losing)) {
            assertThatThrownBy(() -> engine.submit("noting"))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_ARGUMENT"));
        }
    }
}
