package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.LackingDatabases;
import io.cloacina.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes on a PostgreSQL that delivers no notifications and loses one of five transactions. */
@Timeout(120)
class LostTransactionsTest {
    private static final int EVERY = 5;
    private static final int EXECUTIONS = 100;

    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();

    private WorkflowDefinition workflow() {
        return WorkflowDefinition.named("order")
                .version("1")
                .task(
                        "reserve",
                        context -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            runs.merge(context.executionId().toString(), 1, Integer::sum);
                            now.decrementAndGet();
                        },
                        task -> task.limit(Limit.atMost(2)))
                .task(
                        "pay",
                        context -> {
                            try (Statement statement = context.connection().createStatement()) {
                                statement.executeUpdate(
                                        "INSERT INTO payments VALUES ('" + context.executionId() + "')");
                            }
                        },
                        // Lost four times in a row, which happens once in some hundred runs, is a failed attempt.
                        task -> task.after("reserve")
                                .transactional()
                                .retry(RetryPolicy.fixed(5, Duration.ofMillis(10))))
                .task("ship", context -> context.put("shipped", true), task -> task.after("pay"))
                .build();
    }

    /** What is not read committed loses more, against each other. */
    @ParameterizedTest
    @ValueSource(strings = {"read committed", "repeatable read", "serializable"})
    void every_execution_completes_runs_bodies_once_pays_once_and_limits_hold(String isolation) throws SQLException {
        try (TestDatabase database = TestDatabase.create(Backend.POSTGRES);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            engine(database).close(); // makes the tables
            statement.execute("CREATE TABLE payments (execution text NOT NULL)");
            statement.execute("ALTER DATABASE " + connection.getCatalog() + " SET default_transaction_isolation = '"
                    + isolation + "'");
            if (Integer.getInteger(LackingDatabases.PROPERTY) == null) {
                LackingDatabases.make(connection, EVERY);
            }
            try (Engine engine = engine(database);
                    Engine other = engine(database)) {
                List<Submission> all = IntStream.range(0, EXECUTIONS)
                        .mapToObj(each -> Submission.of("order"))
                        .toList();
                List<UUID> ids = engine.submitAll(all);

                for (UUID id : ids) {
                    assertThat(other.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                    assertThat(other.tasks(id))
                            .filteredOn(task -> !task.name().equals("pay"))
                            .extracting(TaskExecution::attempt)
                            .containsOnly(1);
                }
            }
            assertThat(runs).hasSize(EXECUTIONS).values().containsOnly(1);
            assertThat(most.get()).isBetween(1, 2);
            assertThat(count(statement, "SELECT count(*) FROM payments")).isEqualTo(EXECUTIONS);
            assertThat(count(statement, "SELECT count(DISTINCT execution) FROM payments"))
                    .isEqualTo(EXECUTIONS);
            assertThat(count(statement, "SELECT last_value FROM lacking.transactions"))
                    .as("transactions, of which one of %s was lost", EVERY)
                    .isGreaterThan(EVERY);
        }
    }

    private Engine engine(TestDatabase database) {
        return Engine.builder(database.url())
                .workflow(workflow())
                .pollInterval(Duration.ofMillis(100))
                .start();
    }

    private static long count(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
