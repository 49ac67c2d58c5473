package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.write.ClaimBudget;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.TransactionResult;
import io.cloacina.engine.internal.write.Transactions;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A claim is had by one runner, and only as long as it holds can anything be recorded with it. */
@Timeout(60)
class ClaimsTest {
    private static final WorkflowDefinition TWO = WorkflowDefinition.named("two")
            .version("1")
            .task("first", context -> {})
            .task("second", context -> {}, task -> task.after("first"))
            .build();

    private static List<Claim> claim(EngineRuntime runtime, int atMost) {
        return runtime.parts()
                .database()
                .write(transaction -> transaction
                        .list(
                                ReadyStore.CLAIM,
                                new ReadyStore.ClaimRequest(
                                        "two",
                                        "1",
                                        runtime.parts().lease().runner(),
                                        atMost,
                                        UniversalTimestamp.now(Clock.systemUTC())))
                        .stream()
                        .map(TaskStore.Taken::claim)
                        .toList());
    }

    private static Outcome finish(EngineRuntime runtime, Claim claim, Outcome.Ending ending) {
        Workflow workflow = runtime.parts().workflows().find("two").orElseThrow();
        TaskDefinition task = workflow.task(claim.taskName()).orElseThrow();
        return new Outcome(new Claimed(claim, workflow, task, 0, null), ending, null);
    }

    /** Records an end as the lanes would; whether it was taken. */
    private static boolean record(EngineRuntime runtime, Outcome outcome) {
        SharedParts parts = runtime.parts();
        ClaimBudget none = new ClaimBudget(parts.slots(), parts.claimable(), false, 0);
        CommitEffects effects = new CommitEffects(none, new UnpublishedSubmissions(true));
        parts.database().write(transaction -> {
            UnitOfWork work = new UnitOfWork(transaction, parts.settings().clock(), effects);
            runtime.steps().committer().finish(work, List.of(outcome));
            return outcome;
        });
        return effects.recorded().contains(outcome);
    }

    private static List<String> rows(TestDatabase test) throws SQLException {
        List<String> rows = new ArrayList<>();
        for (String table : List.of("task_executions", "pipeline_executions", "contexts", "task_execution_metadata")) {
            try (Connection connection = test.jdbc();
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT * FROM " + table + " ORDER BY id")) {
                while (result.next()) {
                    StringBuilder row = new StringBuilder(table);
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.append(' ').append(result.getString(i));
                    }
                    rows.add(row.toString());
                }
            }
        }
        return rows;
    }

    @DatabaseTest
    void a_second_claim_of_a_claimed_task_fails(TestDatabase test) {
        EngineRuntime one = EngineParts.manual(test, TWO);
        EngineRuntime other = EngineParts.manual(test, TWO);
        new Engine(one).submit("two", Map.of());

        assertThat(claim(one, 10)).hasSize(1);
        assertThat(claim(other, 10)).isEmpty();
        assertThat(claim(one, 10)).isEmpty();
    }

    @DatabaseTest
    void a_claim_takes_no_more_than_it_may(TestDatabase test) {
        EngineRuntime one = EngineParts.manual(test, TWO);
        for (int i = 0; i < 5; i++) {
            new Engine(one).submit("two", Map.of());
        }
        assertThat(claim(one, 3)).hasSize(3);
        assertThat(claim(one, 3)).hasSize(2);
    }

    @DatabaseTest
    void whatever_a_stale_owner_records_is_refused_and_changes_nothing(TestDatabase test) throws Exception {
        EngineRuntime stale = EngineParts.manual(test, TWO);
        EngineRuntime owner = EngineParts.manual(test, TWO);
        new Engine(stale).submit("two", Map.of("in", 1));
        Claim lost = claim(stale, 1).get(0);
        owner.parts()
                .database()
                .write(transaction -> transaction.run(
                        TaskStore.RESET, new TaskStore.GiveBack(lost, UniversalTimestamp.now(Clock.systemUTC()))));
        Claim held = claim(owner, 1).get(0);
        assertThat(held.attempt()).isEqualTo(2);
        List<String> before = rows(test);

        IllegalStateException error = new IllegalStateException("late");
        UniversalTimestamp later = UniversalTimestamp.now(Clock.systemUTC());
        for (Outcome.Ending ending : List.of(
                new Outcome.Completed("{\"out\":1}"),
                new Outcome.Failed("late", error),
                new Outcome.Retried("late", error, null),
                new Outcome.Retried("late", error, later),
                new Outcome.Released())) {
            assertThat(record(stale, finish(stale, lost, ending)))
                    .as("%s", ending)
                    .isFalse();
            assertThat(rows(test)).as("%s", ending).isEqualTo(before);
        }
        // Nor is the name of the owner enough, with the wrong attempt.
        Claim mixed = new Claim(lost.task(), lost.execution(), "first", 1, 1, 0, held.runner(), lost.startedAt());
        assertThat(record(stale, finish(stale, mixed, new Outcome.Completed(null))))
                .isFalse();
        assertThat(rows(test)).isEqualTo(before);

        assertThat(record(owner, finish(owner, held, new Outcome.Completed("{\"out\":2}"))))
                .isTrue();
        assertThat(record(owner, finish(owner, held, new Outcome.Completed("{\"out\":3}"))))
                .isFalse();
        assertThat(new Engine(owner).context(lost.execution().value()).get("out", Integer.class))
                .isEqualTo(2);
    }

    @DatabaseTest
    void a_cancelled_task_records_nothing(TestDatabase test) throws Exception {
        EngineRuntime runtime = EngineParts.manual(test, TWO);
        UUID id = new Engine(runtime).submit("two", Map.of());
        Claim claim = claim(runtime, 1).get(0);
        new Engine(runtime).cancel(id);
        List<String> before = rows(test);

        assertThat(record(runtime, finish(runtime, claim, new Outcome.Completed("{\"out\":1}"))))
                .isFalse();

        assertThat(rows(test)).isEqualTo(before);
    }

    @DatabaseTest
    void a_runner_that_was_taken_for_dead_comes_back_as_a_new_one(TestDatabase test) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .version("1")
                .task("t", context -> {
                    if (context.attempt() == 1
                            && context.find("slow", Boolean.class).isPresent()) {
                        inside.countDown();
                        EngineParts.await(let);
                    }
                    context.put("by", context.attempt());
                })
                .build();
        EngineRuntime runtime = EngineParts.of(test, slow);
        try (Engine engine = new Engine(runtime)) {
            UUID stalled = engine.submit("slow", Map.of("slow", true));
            EngineParts.await(inside);
            UniversalUuid before = runtime.parts().lease().runner();
            takeForDead(test, before);

            // The next transaction names a runner that is gone: nobody notices.
            UUID next = engine.submit("slow", Map.of());

            assertThat(engine.await(next, EngineParts.LONG)).isPresent();
            assertThat(runtime.parts().lease().runner()).isNotEqualTo(before);
            assertThat(engine.await(stalled, EngineParts.LONG)).isPresent();
            let.countDown();
            assertThat(engine.context(stalled).get("by", Integer.class)).isEqualTo(2);
        }
    }

    @DatabaseTest
    void an_end_that_comes_after_that_of_another_attempt_is_no_failure(TestDatabase test) {
        CountDownLatch inside = new CountDownLatch(1);
        Semaphore let = new Semaphore(0);
        CountDownLatch left = new CountDownLatch(1);
        Queue<Throwable> judged = new ConcurrentLinkedQueue<>();
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .version("1")
                .task(
                        "t",
                        context -> {
                            context.put("by", context.attempt());
                            if (context.attempt() == 1) {
                                inside.countDown();
                                let.acquireUninterruptibly(); // the engine interrupts it when it sees that the
                                // claim is lost
                                left.countDown();
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(5, Duration.ZERO).retryIf(judged::add)))
                .build();
        EngineRuntime runtime = EngineParts.of(test, slow);
        try (Engine engine = new Engine(runtime)) {
            UUID id = engine.submit("slow", Map.of());
            EngineParts.await(inside);
            Claim claim = runtime.dispatcher().underWay().iterator().next().claim();
            assertThat(EngineParts.execute(
                            test,
                            "UPDATE task_executions SET status = 'Ready', claimed_by = NULL,"
                                    + " max_attempts = max_attempts + 1"))
                    .isEqualTo(1);
            runtime.lanes().nudge();
            assertThat(engine.await(id, EngineParts.LONG)).isPresent();

            let.release();
            EngineParts.await(left);
            EngineParts.until(
                    "the late end is written", () -> runtime.dispatcher().isIdle());
            assertThat(claim.attempt()).isEqualTo(1);
            assertThat(judged).isEmpty();
            assertThat(engine.context(id).get("by", Integer.class)).isEqualTo(2);
        }
    }

    @DatabaseTest
    void an_end_whose_commit_succeeded_although_its_answer_was_lost_has_its_effects(TestDatabase test) {
        EngineRuntime runtime = EngineParts.manual(test, TWO);
        UUID id = new Engine(runtime).submit("two", Map.of());
        Transactions transactions =
                new Transactions(runtime.parts(), runtime.steps().groupTransaction());
        for (String task : List.of("first", "second")) {
            Claim claim = claim(runtime, 1).get(0);
            assertThat(claim.taskName()).isEqualTo(task);
            Outcome outcome = finish(runtime, claim, new Outcome.Completed("{\"out\":1}"));

            assertThat(write(transactions, outcome, false).recorded()).containsExactly(outcome);
            CommitEffects again = write(transactions, outcome, true);

            assertThat(again.recorded()).isEmpty();
            assertThat(again.ended()).containsOnlyKeys(UniversalUuid.of(id));
            assertThat(again.budget().ready()).isNotEmpty();
        }
        assertThat(new Engine(runtime).find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @DatabaseTest
    void an_end_of_an_execution_that_was_deleted_is_discarded(TestDatabase test) {
        EngineRuntime runtime = EngineParts.manual(test, TWO);
        new Engine(runtime).submit("two", Map.of());
        Claim claim = claim(runtime, 1).get(0);
        EngineParts.execute(test, "DELETE FROM task_executions");
        EngineParts.execute(test, "DELETE FROM pipeline_executions");
        Transactions transactions =
                new Transactions(runtime.parts(), runtime.steps().groupTransaction());

        Outcome outcome = finish(runtime, claim, new Outcome.Completed("{\"out\":1}"));

        assertThat(write(transactions, outcome, false).recorded()).isEmpty();
        assertThat(EngineParts.count(test, "SELECT count(*) FROM contexts")).isZero();
    }

    private static CommitEffects write(Transactions transactions, Outcome outcome, boolean isRepeated) {
        TransactionResult result = transactions.writeGroup(
                List.of(Write.AttemptEnd.ofBody(outcome)),
                new Transactions.Terms(false, Duration.ofSeconds(1), isRepeated));
        assertThat(result).isInstanceOf(TransactionResult.Committed.class);
        return ((TransactionResult.Committed) result).effects();
    }

    /** As a sweeper of another process would; again if a heartbeat came in between. */
    private static void takeForDead(TestDatabase test, UniversalUuid runner) {
        EngineRuntime sweeper = EngineParts.manual(test);
        String of = " WHERE id = " + EngineParts.literal(test, runner);
        EngineParts.until("it is taken for dead", () -> {
            EngineParts.execute(test, "UPDATE runners SET host = 'elsewhere', lease_expires_at = heartbeat_at" + of);
            sweeper.maintenance().lookAtOthers();
            return EngineParts.count(test, "SELECT count(*) FROM runners" + of) == 0;
        });
    }

    @DatabaseTest
    void every_attempt_runs_once_among_eight_claimers(TestDatabase test) {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        WorkflowDefinition wide = wide(ran);
        List<Engine> engines = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                engines.add(Engine.builder(test.url())
                        .workflow(wide)
                        .slots(3)
                        .pollInterval(Duration.ofMillis(50))
                        .start());
            }
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                ids.add(engines.get(i % 8).submit("wide", Map.of()));
            }
            for (UUID id : ids) {
                assertThat(engines.get(0)
                                .await(id, EngineParts.LONG)
                                .orElseThrow()
                                .status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(ran).hasSize(24 * 20).doesNotHaveDuplicates();
            assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE attempt <> 1"))
                    .isZero();
        } finally {
            engines.forEach(Engine::close);
        }
    }

    private static WorkflowDefinition wide(Queue<String> ran) {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("wide").version("1");
        for (int i = 0; i < 20; i++) {
            builder.task("t" + i, context -> ran.add(context.executionId() + context.taskName() + context.attempt()));
        }
        return builder.build();
    }

    @Test
    void what_is_stored_before_a_claim_is_not_measured_as_the_claim() {
        List<Duration> commits = Collections.synchronizedList(new ArrayList<>());
        List<Duration> claims = Collections.synchronizedList(new ArrayList<>());
        EngineMetrics metrics = new EngineMetrics() {
            @Override
            public void committed(long nanos, int writes) {
                commits.add(Duration.ofNanos(nanos));
            }

            @Override
            public void claimed(long nanos, int tasks) {
                claims.add(Duration.ofNanos(nanos));
            }
        };
        // What limits bound is not claimed by being stored.
        WorkflowDefinition limited = WorkflowDefinition.named("limited")
                .version("1")
                .limit(Limit.atMost(5))
                .task("t", context -> {})
                .build();
        Duration half = Duration.ofMillis(500);
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(limited)
                        .metrics(metrics)
                        .start()) {
            EngineParts.execute(
                    test,
                    "CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$");
            EngineParts.execute(
                    test,
                    "CREATE TRIGGER take_long BEFORE INSERT ON pipeline_executions"
                            + " FOR EACH ROW EXECUTE FUNCTION take_long()");

            engine.await(engine.submit("limited", Map.of()));
        }

        assertThat(commits).anyMatch(took -> took.compareTo(half) >= 0);
        assertThat(claims).isNotEmpty().allMatch(took -> took.compareTo(half) < 0);
    }
}
