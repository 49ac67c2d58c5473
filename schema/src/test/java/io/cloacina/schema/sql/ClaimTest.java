package io.cloacina.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.SampleRows.Execution;
import io.cloacina.schema.testsupport.SampleRows.Task;
import io.cloacina.schema.testsupport.StatementConformance;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Claiming rows: the one place where several processes want the same. */
class ClaimTest {
    private static final int BATCH = 7;

    private static final Statements STATEMENTS = new Statements("claim-test");

    private static final ChangeReturning<UniversalUuid, UniversalUuid> CLAIM =
            STATEMENTS.updateReturning("claim", u -> {
                var t = u.table(TaskExecutions::new);
                u.set(t.status, TaskStatus.RUNNING);
                u.set(t.claimedBy, u.arg());
                u.increment(t.attempt, 1);
                u.claim(t.id, q -> {
                    var ready = q.from(TaskExecutions::new);
                    q.where(
                            ready.status.eq(TaskStatus.READY),
                            ready.pipelineName.eq("etl"),
                            ready.pipelineVersion.eq("1"),
                            ready.dueAt.isNull(),
                            ready.limitKeys.isNull(),
                            ready.paused.eq(UniversalBool.FALSE));
                    q.orderBy(ready.priority.desc(), ready.id.asc());
                    q.limit(BATCH);
                    return ready.id;
                });
                return row -> row.get(t.id);
            });

    private static final Command<UniversalUuid> HOLD_RUNNER = STATEMENTS.update("hold-runner", u -> {
        var r = u.table(Runners::new);
        u.set(r.host, "held");
        u.hold(r.id, q -> {
            var one = q.from(Runners::new);
            q.where(one.id.eq(q.arg()));
            return one.id;
        });
    });

    private static final Command<UniversalUuid> CLAIM_RUNNER = STATEMENTS.update("claim-runner", u -> {
        var r = u.table(Runners::new);
        u.set(r.host, "claimed");
        u.claim(r.id, q -> {
            var one = q.from(Runners::new);
            q.where(one.id.eq(q.arg()));
            return one.id;
        });
    });

    private static final Select<UniversalUuid, TaskStatus> BY_ID = STATEMENTS.select("by-id", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.id.eq(q.arg()));
        return row -> row.get(t.status);
    });

    @DatabaseTest
    void eight_threads_claim_a_thousand_rows_each_row_once(TestDatabase test) throws Exception {
        Database database = test.migrated(STATEMENTS, SampleRows.STATEMENTS);
        UniversalUuid runner = UniversalUuid.v7();
        UniversalUuid execution = UniversalUuid.v7();
        List<Task> tasks = IntStream.range(0, 1000)
                .mapToObj(i -> Task.ready(execution, "task-" + i))
                .toList();
        database.write(transaction -> {
            transaction.run(SampleRows.RUNNER, runner);
            transaction.run(SampleRows.EXECUTION, new Execution(execution, "etl", ExecutionStatus.RUNNING, null, null));
            return transaction.batch(SampleRows.TASK, tasks);
        });

        Callable<List<UniversalUuid>> claimer = () -> {
            List<UniversalUuid> mine = new ArrayList<>();
            while (true) {
                List<UniversalUuid> claimed = database.write(transaction -> transaction.list(CLAIM, runner));
                if (claimed.isEmpty()) {
                    return mine;
                }
                assertThat(claimed).hasSizeLessThanOrEqualTo(BATCH);
                mine.addAll(claimed);
            }
        };
        List<UniversalUuid> all = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<List<UniversalUuid>> mine : threads.invokeAll(Collections.nCopies(8, claimer))) {
                all.addAll(mine.get());
            }
        } finally {
            threads.shutdownNow();
        }
        Set<UniversalUuid> expected = new HashSet<>();
        tasks.forEach(task -> expected.add(task.id()));
        assertThat(all).hasSize(1000).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(database.find(BY_ID, all.get(0))).contains(TaskStatus.RUNNING);
    }

    /** On SQLite there is one writer, who has every row. */
    @Test
    void a_row_that_others_refer_to_right_now_can_be_held_and_not_be_claimed() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.migrated(STATEMENTS, SampleRows.STATEMENTS);
            UniversalUuid runner = UniversalUuid.v7();
            UniversalUuid execution = UniversalUuid.v7();
            database.write(transaction -> {
                transaction.run(SampleRows.RUNNER, runner);
                transaction.run(
                        SampleRows.EXECUTION, new Execution(execution, "etl", ExecutionStatus.RUNNING, null, null));
                return transaction.run(SampleRows.TASK, Task.ready(execution, "task"));
            });
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.executeUpdate("UPDATE task_executions SET claimed_by = '" + runner + "'");
                assertThat(database.<Integer>write(transaction -> transaction.run(HOLD_RUNNER, runner)))
                        .isEqualTo(1);
                assertThat(database.<Integer>write(transaction -> transaction.run(CLAIM_RUNNER, runner)))
                        .isZero();
                other.commit();
                assertThat(database.<Integer>write(transaction -> transaction.run(CLAIM_RUNNER, runner)))
                        .isEqualTo(1);

                statement.executeUpdate("UPDATE runners SET pid = 1");
                assertThat(database.<Integer>write(transaction -> transaction.run(HOLD_RUNNER, runner)))
                        .as("what another is changing is passed over")
                        .isZero();
            }
        }
    }

    @DatabaseTest
    void what_is_held_is_changed(TestDatabase test) {
        Database database = test.migrated(STATEMENTS, SampleRows.STATEMENTS);
        UniversalUuid runner = UniversalUuid.v7();
        database.write(transaction -> transaction.run(SampleRows.RUNNER, runner));
        assertThat(database.<Integer>write(transaction -> transaction.run(HOLD_RUNNER, runner)))
                .isEqualTo(1);
        assertThat(database.<Integer>write(transaction -> transaction.run(HOLD_RUNNER, UniversalUuid.v7())))
                .isZero();
    }

    @DatabaseTest
    void a_claim_and_a_select_by_id_use_an_index(TestDatabase test) throws Exception {
        Database database = test.migrated(STATEMENTS);
        StatementConformance.on(test, database).usesIndexes(CLAIM, BY_ID, HOLD_RUNNER);
    }
}
