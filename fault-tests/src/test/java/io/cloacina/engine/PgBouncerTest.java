package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Limit;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.testsupport.PgBouncer;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real PgBouncer between two engines and their database. */
@Timeout(180)
class PgBouncerTest {
    private static final int EXECUTIONS = 80;
    private static final Duration LONG = Duration.ofSeconds(90);

    /** How often each body ran, by its execution and task. */
    private final Map<String, Integer> ran = new ConcurrentHashMap<>();

    private WorkflowDefinition order() {
        return WorkflowDefinition.named("order")
                .version("1")
                .task("take", context -> {
                    count(context.executionId(), "take");
                    context.put("price", context.get("number", Integer.class) * 2);
                })
                .task(
                        "pay",
                        context -> {
                            count(context.executionId(), "pay");
                            context.output(context.signal(Integer.class));
                        },
                        task -> task.after("take").signal("paid"))
                .task(
                        "pack",
                        context -> context.output(context.element(Integer.class)),
                        task -> task.after("take").forEach("parts"))
                .task(
                        "print",
                        context -> count(context.executionId(), "print"),
                        task -> task.after("take").limit(Limit.atMost(3)))
                .task(
                        "book",
                        context -> {
                            count(context.executionId(), "book");
                            try (var statement = context.connection()
                                    .prepareStatement("INSERT INTO bookings (execution) VALUES (?)")) {
                                statement.setObject(1, context.executionId());
                                statement.executeUpdate();
                            }
                        },
                        task -> task.after("pay", "pack", "print").transactional())
                .build();
    }

    private static WorkflowDefinition tick() {
        return WorkflowDefinition.named("tick")
                .version("1")
                .task("t", context -> context.output("ticked"))
                .build();
    }

    private void count(UUID execution, String task) {
        ran.merge(execution + " " + task, 1, Integer::sum);
    }

    @ParameterizedTest
    @CsvSource({
        "transaction, ''",
        "transaction, ?prepareThreshold=0",
        "session, ''",
        "session, ?prepareThreshold=5",
    })
    void all_that_is_submitted_ends_behind_a_pooler(String mode, String settings) {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                PgBouncer pooler = PgBouncer.start(test, mode)) {
            test.open()
                    .<String>alter(
                            transaction -> sql(transaction, "CREATE TABLE bookings (execution uuid PRIMARY KEY)"));
            String url = pooler.url() + settings;
            try (Engine one = start(url);
                    Engine other = start(url)) {
                one.schedules().put(Schedule.of("ticks", "tick").cron("* * * * * *"));
                List<UUID> ids = new ArrayList<>();
                for (int number = 0; number < EXECUTIONS; number++) {
                    Engine submits = number % 2 == 0 ? one : other;
                    UUID id = submits.submit("order", Map.of("number", number, "parts", List.of(1, 2, 3)));
                    ids.add(id);
                    (number % 3 == 0 ? one : other).signal(id, "paid", number);
                }
                for (UUID id : ids) {
                    assertThat(other.await(id, LONG).orElseThrow().status())
                            .as(other.tasks(id).toString())
                            .isEqualTo(ExecutionStatus.COMPLETED);
                }
                Instant end = Instant.now().plus(LONG);
                while (one.schedules().history("ticks", 10).isEmpty()
                        && Instant.now().isBefore(end)) {
                    LockSupport.parkNanos(5_000_000);
                }
                assertThat(one.schedules().history("ticks", 10)).isNotEmpty();
            }
            assertThat(ran)
                    .hasSize(4 * EXECUTIONS)
                    .allSatisfy((body, times) -> assertThat(times).as(body).isEqualTo(1));
            assertThat(EngineParts.count(test, "SELECT count(*) FROM bookings")).isEqualTo(EXECUTIONS);
            assertThat(
                            EngineParts.count(
                                    test,
                                    "SELECT count(*) FROM task_executions WHERE claimed_by IS NOT NULL OR dependencies_remaining <> 0"))
                    .isZero();
        }
    }

    private static String sql(WriteTransaction transaction, String sql) {
        try (Statement statement = transaction.connection().createStatement()) {
            statement.execute(sql);
            return sql;
        } catch (SQLException e) {
            throw transaction.classify(e, sql);
        }
    }

    private Engine start(String url) {
        return Engine.builder(url)
                .workflow(order())
                .workflow(tick())
                .pollInterval(Duration.ofMillis(200))
                .start();
    }
}
