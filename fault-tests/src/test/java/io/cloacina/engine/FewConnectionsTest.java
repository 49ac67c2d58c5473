package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies in transactions hold connections, on SQLite the only one that writes, for longer than a lease: nobody is taken for dead. */
@Timeout(120)
class FewConnectionsTest {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LONGER = LEASE.multipliedBy(3);

    private static WorkflowDefinition holding(AtomicInteger bodies, AtomicInteger atOnce, AtomicInteger most) {
        return WorkflowDefinition.named("holding")
                .version("1")
                .task(
                        "t",
                        context -> {
                            bodies.incrementAndGet();
                            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            // It is the time by which leases are judged that has to pass.
                            new CountDownLatch(1).await(LONGER.toMillis(), TimeUnit.MILLISECONDS);
                            atOnce.decrementAndGet();
                        },
                        task -> task.transactional())
                .build();
    }

    private static final WorkflowDefinition SHORT = WorkflowDefinition.named("short")
            .version("1")
            .task("t", context -> {})
            .build();

    /** Two engines, and one body more than one of them may run at once: each runs once, and other tasks go on meanwhile. */
    private static void assertEachRunsOnce(Supplier<EngineBuilder> builder, int tasks, int mostInOne) {
        AtomicInteger bodies = new AtomicInteger();
        List<AtomicInteger> most = List.of(new AtomicInteger(), new AtomicInteger());
        List<Engine> engines = new ArrayList<>();
        try {
            for (AtomicInteger each : most) {
                engines.add(builder.get()
                        .workflow(holding(bodies, new AtomicInteger(), each))
                        .workflow(SHORT)
                        .lease(LEASE)
                        .grace(Duration.ZERO)
                        .start());
            }
            Engine engine = engines.get(0);
            List<UUID> ids = engine.submitAll(Collections.nCopies(tasks, Submission.of("holding")));
            EngineParts.until("a body runs", () -> bodies.get() > 0);
            for (int i = 0; i < 5; i++) {
                assertThat(engine.await(engine.submit("short", Map.of())).status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
            for (UUID id : ids) {
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(engine.recoveries(id)).isEmpty();
                assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(1);
            }
            assertThat(bodies).hasValue(tasks);
            assertThat(most).allSatisfy(each -> assertThat(each.get()).isBetween(0, mostInOne));
        } finally {
            engines.forEach(Engine::close);
        }
    }

    @Test
    void with_a_pool_of_four_two_bodies_run_at_once_and_each_runs_once() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            assertEachRunsOnce(() -> Engine.builder(test.url() + "?pool_size=4"), 4, 2);
        }
    }

    @Test
    void with_a_pool_of_two_one_body_runs_at_once_and_each_runs_once() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            assertEachRunsOnce(() -> Engine.builder(test.url() + "?pool_size=2"), 2, 1);
        }
    }

    @Test
    void with_a_given_pool_of_four_one_body_runs_at_once_and_each_runs_once() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                HikariDataSource first = pool(test, 4);
                HikariDataSource second = pool(test, 4)) {
            List<HikariDataSource> pools = new ArrayList<>(List.of(first, second));
            assertEachRunsOnce(() -> Engine.builder(pools.remove(0)), 2, 1);
        }
    }

    private static HikariDataSource pool(TestDatabase test, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:" + test.url().replace("postgres@", ""));
        config.setUsername("postgres");
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    @Test
    void a_heartbeat_does_not_wait_for_a_given_pool_that_the_application_has_used_up() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                HikariDataSource pool = pool(test, 5);
                Engine engine =
                        Engine.builder(pool).workflow(SHORT).lease(LEASE).start()) {
            engine.await(engine.submit("short", Map.of()));
            List<Connection> all = new ArrayList<>();
            try {
                EngineParts.until("all are used up", () -> {
                    all.add(take(pool));
                    return pool.getHikariPoolMXBean().getActiveConnections() == 5;
                });
                long before = heartbeats(test);
                EngineParts.until("the lease is renewed all the same", () -> heartbeats(test) > before);
            } finally {
                for (Connection connection : all) {
                    connection.close();
                }
            }
            assertThat(engine.await(engine.submit("short", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    private static Connection take(HikariDataSource pool) {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long heartbeats(TestDatabase test) {
        return EngineParts.count(
                test, "SELECT CAST(extract(epoch FROM max(heartbeat_at)) * 1000 AS bigint) FROM runners");
    }

    @Test
    void a_pool_of_one_connection_is_refused_for_an_engine_that_runs_tasks_and_does_for_a_client() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            String url = test.url() + "?pool_size=1";
            assertThatThrownBy(() -> Engine.builder(url).workflow(SHORT).start())
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_SETTING"))
                    .hasMessageContaining("needs 2 or more")
                    .hasMessageContaining("pool_size");
            try (Engine engine = Engine.builder(test.url()).workflow(SHORT).start();
                    Engine client = Engine.builder(url).workflow(SHORT).client().start()) {
                assertThat(engine.await(client.submit("short", Map.of())).status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @Test
    void a_given_pool_of_three_connections_is_refused_because_two_are_kept() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                HikariDataSource pool = pool(test, 3)) {
            assertThatThrownBy(() -> Engine.builder(pool).workflow(SHORT).start())
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_SETTING"))
                    .hasMessageContaining("gives 1 connection")
                    .hasMessageContaining("heartbeat");
        }
    }

    @Test
    void with_the_only_writer_of_sqlite_held_for_three_leases_each_body_runs_once() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            assertEachRunsOnce(() -> Engine.builder(test.url()), 1, 1);
        }
    }

    @DatabaseTest
    void a_body_that_holds_locks_of_the_application_for_three_leases_runs_once(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task(
                        "t",
                        context -> {
                            runs.incrementAndGet();
                            try (Statement statement = context.connection().createStatement()) {
                                statement.executeUpdate("INSERT INTO payments VALUES (1)");
                                new CountDownLatch(1).await(LONGER.toMillis(), TimeUnit.MILLISECONDS);
                                statement.executeUpdate("INSERT INTO payments VALUES (2)");
                            }
                        },
                        task -> task.transactional())
                .build();
        test.migrated();
        EngineParts.execute(test, "CREATE TABLE payments (attempt INTEGER NOT NULL)");
        try (Engine engine = Engine.builder(test.url())
                        .workflow(workflow)
                        .lease(LEASE)
                        .start();
                Engine other = Engine.builder(test.url())
                        .workflow(workflow)
                        .lease(LEASE)
                        .start()) {
            UUID id = engine.submit("w", Map.of());

            assertThat(other.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(runs).hasValue(1);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM payments")).isEqualTo(2);
        }
    }
}
