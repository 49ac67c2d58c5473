package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.tables.ExecutionStatus;
import io.cloacina.schema.tables.TaskStatus;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.Snippets;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadmePaymentTest {
    @DatabaseTest
    void the_payment_of_the_readme_runs(TestDatabase test) throws SQLException {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE bookings (order_number BIGINT PRIMARY KEY)");
        }
        // begin define
        WorkflowDefinition payment = WorkflowDefinition.named("payment")
                .task(
                        "charge",
                        context -> charge(context.get("order", Long.class)),
                        task -> task.retry(RetryPolicy.exponential(5, Duration.ofSeconds(1))
                                        .jitter(0.2))
                                .timeout(Duration.ofSeconds(30)))
                .task(
                        "book",
                        context -> book(context.connection(), context.get("order", Long.class)),
                        task -> task.after("charge").transactional())
                .task(
                        "apologise",
                        context -> apologise(context.get("order", Long.class)),
                        task -> task.after("charge").when(TriggerRule.all(TriggerCondition.taskFailed("charge"))))
                .build();
        // end define
        try (Engine engine = Engine.builder(test.url()).workflow(payment).start()) {
            // begin submit
            UUID id = engine.submit(Submission.of("payment")
                    .input(Map.of("order", 42))
                    .idempotencyKey("order-42")
                    .priority(5));
            // end submit
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id))
                    .extracting(TaskExecution::status)
                    .containsExactly(TaskStatus.COMPLETED, TaskStatus.COMPLETED, TaskStatus.SKIPPED);
        }
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT order_number FROM bookings")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getLong(1)).isEqualTo(42);
        }
    }

    @Test
    void the_readme_shows_this_code() throws IOException {
        assertThat(Snippets.inDocument("README.md"))
                .contains(Snippets.inSource(ReadmePaymentTest.class, "define")
                        + Snippets.inSource(ReadmePaymentTest.class, "submit"));
    }

    private static void charge(long order) {
        assertThat(order).isEqualTo(42);
    }

    private static void book(Connection connection, long order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bookings VALUES (?)")) {
            insert.setLong(1, order);
            insert.executeUpdate();
        }
    }

    private static void apologise(long order) {
        throw new IllegalStateException("nobody has to apologise for " + order);
    }
}
