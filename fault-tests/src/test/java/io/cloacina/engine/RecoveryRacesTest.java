package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Recovery beside whatever others do at the same time: it neither waits for them, nor fails, nor loses what comes of it. */
@Timeout(120)
class RecoveryRacesTest {
    private static final WorkflowDefinition WORKFLOW = WorkflowDefinition.named("w")
            .version("1")
            .task("t", context -> context.put("attempt", context.attempt()))
            .build();

    /** A runner that claims what there is, and of which nothing is heard afterwards. */
    private static UniversalUuid claiming(TestDatabase test) {
        EngineRuntime claiming = EngineParts.manual(test, WORKFLOW);
        claiming.lanes().claim(true);
        claiming.parts().claimable().noteUnknown(ClaimableWorkflows.SUSPICION);
        claiming.dispatcher().claimIfPossible();
        return claiming.parts().lease().runner();
    }

    /** They were on another machine, and their leases are over. */
    private static void die(TestDatabase test) {
        EngineParts.execute(test, "UPDATE runners SET host = 'elsewhere', lease_expires_at = heartbeat_at");
    }

    /** By somebody who looks at nobody. */
    private static UUID submit(TestDatabase test) {
        test.migrated();
        try (Engine client =
                Engine.builder(test.url()).workflow(WORKFLOW).client().start()) {
            return client.submit("w", Map.of());
        }
    }

    private static long runners(TestDatabase test, UniversalUuid id) {
        return EngineParts.count(test, "SELECT count(*) FROM runners WHERE id = " + EngineParts.literal(test, id));
    }

    private static String ofExecution(TestDatabase test, UUID execution) {
        return EngineParts.literal(test, UniversalUuid.of(execution));
    }

    private static String claimOf(UniversalUuid runner) {
        return "UPDATE task_executions SET status = 'Running', started_at = created_at, attempt = attempt + 1, claimed_by = '"
                + runner + "' WHERE status = 'Ready'";
    }

    @Test
    void a_claim_that_a_dead_runner_commits_at_last_is_recovered_as_well() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            UUID first = submit(test);
            UniversalUuid dead = claiming(test);
            UUID second = submit(test);
            die(test);
            try (Connection its = test.jdbc();
                    Statement last = its.createStatement()) {
                its.setAutoCommit(false);
                assertThat(last.executeUpdate(claimOf(dead))).isEqualTo(1);

                try (Engine engine =
                        Engine.builder(test.url()).workflow(WORKFLOW).start()) {
                    assertThat(engine.await(first, EngineParts.LONG)).isPresent();
                    assertThat(runners(test, dead))
                            .as("nobody knows what its last transaction comes to")
                            .isEqualTo(1);
                    its.commit();

                    assertThat(engine.await(second, EngineParts.LONG)).isPresent();
                    for (UUID each : List.of(first, second)) {
                        assertThat(engine.find(each).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
                        assertThat(engine.tasks(each).get(0).attempt()).isEqualTo(2);
                        assertThat(engine.recoveries(each)).hasSize(1);
                    }
                    EngineParts.until("its row is removed", () -> runners(test, dead) == 0);
                }
            }
        }
    }

    @Test
    void a_claim_that_is_committed_while_a_runner_is_condemned_is_seen_before_its_row_goes() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.migrated(RunnerStore.STATEMENTS, TaskStore.STATEMENTS);
            submit(test);
            UniversalUuid dead = claiming(test);
            submit(test);
            RunnerStore.Known known =
                    database.list(RunnerStore.OTHERS, UniversalUuid.NIL).get(0);
            assertThat(known.id()).isEqualTo(dead);
            try (Connection its = test.jdbc();
                    Statement last = its.createStatement()) {
                its.setAutoCommit(false);
                database.write(transaction -> {
                    assertThat(transaction.run(RunnerStore.CONDEMN, known)).isEqualTo(1);
                    assertThat(transaction.list(TaskStore.CLAIMED_BY, dead)).hasSize(1);
                    assertThat(update(last, claimOf(dead))).isEqualTo(1);
                    assertThat(transaction.run(RunnerStore.CLOSE_TO_CLAIMS, dead))
                            .as("while the claim is under way")
                            .isZero();
                    update(last, "COMMIT");
                    assertThat(transaction.run(RunnerStore.CLOSE_TO_CLAIMS, dead))
                            .isEqualTo(1);
                    assertThat(transaction.list(TaskStore.CLAIMED_BY, dead)).hasSize(2);
                    return dead;
                });
            }
        }
    }

    @Test
    void no_claim_comes_to_a_runner_whose_row_is_about_to_go() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.migrated(RunnerStore.STATEMENTS, TaskStore.STATEMENTS);
            UniversalUuid dead = claiming(test);
            submit(test);
            RunnerStore.Known known =
                    database.list(RunnerStore.OTHERS, UniversalUuid.NIL).get(0);
            try (Connection its = test.jdbc();
                    Statement late = its.createStatement()) {
                late.execute("SET lock_timeout = '100ms'");
                database.write(transaction -> {
                    transaction.run(RunnerStore.CONDEMN, known);
                    transaction.run(RunnerStore.CLOSE_TO_CLAIMS, dead);
                    assertThatThrownBy(() -> late.executeUpdate(claimOf(dead)))
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    e -> assertThat(e.getSQLState())
                                            .as("it waits")
                                            .isEqualTo("55P03"));
                    return transaction.run(RunnerStore.REMOVE, dead);
                });
                assertThatThrownBy(() -> late.executeUpdate(claimOf(dead)))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("23503"));
            }
        }
    }

    private static int update(Statement statement, String sql) {
        try {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Test
    void what_somebody_else_is_changing_is_left_for_the_next_look_and_nobody_waits_for_it() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            List<UUID> ids = List.of(submit(test), submit(test), submit(test));
            UniversalUuid dead = claiming(test);
            UniversalUuid beingChanged = claiming(test);
            die(test);
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                assertThat(update(
                                statement,
                                "UPDATE task_executions SET last_error = 'x' WHERE pipeline_execution_id = "
                                        + ofExecution(test, ids.get(0))))
                        .isEqualTo(1);
                assertThat(update(
                                statement,
                                "UPDATE pipeline_executions SET error_details = 'x' WHERE id = "
                                        + ofExecution(test, ids.get(1))))
                        .isEqualTo(1);
                assertThat(update(statement, "UPDATE runners SET pid = 1 WHERE id = '" + beingChanged + "'"))
                        .isEqualTo(1);

                try (Engine engine =
                        Engine.builder(test.url()).workflow(WORKFLOW).start()) {
                    assertThat(engine.await(ids.get(2), EngineParts.LONG)).isPresent();
                    for (UUID each : ids.subList(0, 2)) {
                        assertThat(engine.tasks(each).get(0).status()).isEqualTo(TaskStatus.RUNNING);
                    }
                    other.rollback();

                    for (UUID each : ids) {
                        assertThat(engine.await(each, EngineParts.LONG)).isPresent();
                        assertThat(engine.recoveries(each)).hasSize(1);
                    }
                    EngineParts.until(
                            "both rows are removed", () -> runners(test, dead) + runners(test, beingChanged) == 0);
                }
            }
        }
    }

    @DatabaseTest
    void an_engine_starts_and_recovers_from_others_though_one_runner_cannot_be_recovered_from(TestDatabase test) {
        UUID refused = submit(test);
        UniversalUuid first = claiming(test);
        UUID recovered = submit(test);
        UniversalUuid second = claiming(test);
        die(test);
        refuse(test, refused);

        try (Engine engine = Engine.builder(test.url()).workflow(WORKFLOW).start()) {
            assertThat(engine.await(recovered, EngineParts.LONG)).isPresent();
            assertThat(runners(test, second)).isZero();
            assertThat(runners(test, first)).isEqualTo(1);
            assertThat(engine.tasks(refused).get(0).status()).isEqualTo(TaskStatus.RUNNING);
            EngineParts.execute(
                    test, "DROP TRIGGER refused" + (test.backend() == Backend.SQLITE ? "" : " ON recovery_events"));

            assertThat(engine.await(refused, EngineParts.LONG)).isPresent();
            assertThat(engine.recoveries(refused)).hasSize(1);
        }
    }

    /** Nothing of that execution can be recovered: the database refuses it, as it may for a reason that nobody foresees. */
    private static void refuse(TestDatabase test, UUID execution) {
        String when = " WHEN (NEW.pipeline_execution_id = " + ofExecution(test, execution) + ") ";
        if (test.backend() == Backend.SQLITE) {
            EngineParts.execute(
                    test,
                    "CREATE TRIGGER refused BEFORE INSERT ON recovery_events" + when
                            + "BEGIN SELECT RAISE(ABORT, 'refused'); END");
        } else {
            EngineParts.execute(
                    test,
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN RAISE EXCEPTION ''refused''; END'");
            EngineParts.execute(
                    test,
                    "CREATE TRIGGER refused BEFORE INSERT ON recovery_events FOR EACH ROW" + when
                            + "EXECUTE FUNCTION refuse()");
        }
    }

    @DatabaseTest
    void a_clock_of_the_database_that_is_set_takes_no_task_from_a_live_runner(TestDatabase test) {
        UUID id = submit(test);
        EngineRuntime working = EngineParts.manual(test, WORKFLOW);
        working.lanes().claim(true);
        working.parts().claimable().noteUnknown(ClaimableWorkflows.SUSPICION);
        working.dispatcher().claimIfPossible();
        // The operating system is asked of those of this host only.
        String of = " WHERE id = "
                + EngineParts.literal(test, working.parts().lease().runner());
        EngineParts.execute(test, "UPDATE runners SET host = 'elsewhere'" + of);
        try (ManualEngine manual =
                Engine.builder(test.url()).workflow(WORKFLOW).buildManual().start()) {
            for (String hours : List.of("-5", "+5", "-100000", "+100000", "0")) {
                EngineParts.execute(
                        test,
                        "UPDATE runners SET heartbeat_at = " + moved(test, "heartbeat_at", hours)
                                + ", lease_expires_at = " + moved(test, "lease_expires_at", hours) + of);
                manual.tick();
                TaskExecution task = manual.engine().tasks(id).get(0);
                assertThat(task.status()).as("after %s hours", hours).isEqualTo(TaskStatus.RUNNING);
                assertThat(task.attempt()).isEqualTo(1);
                working.parts().lease().renew();
            }
        }
    }

    private static String moved(TestDatabase test, String column, String hours) {
        return test.backend() == Backend.SQLITE
                ? "strftime('%Y-%m-%dT%H:%M:%f000Z', " + column + ", '" + hours + " hours')"
                : column + " + interval '" + hours + " hours'";
    }

    @DatabaseTest
    void a_silent_runner_elsewhere_is_dead_after_its_lease_though_its_times_say_otherwise(TestDatabase test) {
        UUID id = submit(test);
        UniversalUuid dead = claiming(test);
        die(test);
        // A lease of a second, which seems to begin in a thousand hours: its clock was ahead when it died.
        EngineParts.execute(
                test,
                "UPDATE runners SET heartbeat_at = " + moved(test, "heartbeat_at", "+1000") + ", lease_expires_at = "
                        + (test.backend() == Backend.SQLITE
                                ? "strftime('%Y-%m-%dT%H:%M:%f000Z', heartbeat_at, '+1000 hours', '+1 seconds')"
                                : "heartbeat_at + interval '1000 hours 1 second'")
                        + " WHERE id = " + EngineParts.literal(test, dead));
        try (Engine engine = Engine.builder(test.url()).workflow(WORKFLOW).start()) {
            assertThat(engine.await(id, EngineParts.LONG)).isPresent();
            assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(2);
        }
    }
}
