package io.cloacina.examples;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkPreview;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Submitting once: by a key, and in the transaction of the application's own tables. */
public final class Orders {
    private Orders() {}

    /** What is to be done with an order. */
    @Workflow(name = "fulfil")
    public static class Fulfilment {
        @Task
        String pack(@Input int order) {
            return "packed order " + order;
        }
    }

    /** The application's own table, in the same database. */
    static void makeTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
        }
    }

    /** Stores an order and submits its workflow: both, or neither. */
    static UUID place(Engine engine, Connection connection, int order) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?)")) {
            insert.setInt(1, order);
            insert.executeUpdate();
            UUID id = engine.submit(connection, Submission.of("fulfil").input(Map.of("order", order)));
            connection.commit();
            return id;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    /** As when somebody presses the button twice. */
    static List<UUID> twice(Engine engine, int order) {
        Submission submission =
                Submission.of("fulfil").input(Map.of("order", order)).idempotencyKey("order-" + order);
        UUID first = engine.submit(submission);
        UUID again = engine.submit(submission); // the id of the first; nothing new is begun
        return List.of(first, again);
    }

    /** Labels say by what an execution is found. */
    static UUID labelled(Engine engine, int order) {
        UUID id = engine.submit(Submission.of("fulfil")
                .input(Map.of("order", order))
                .label("customer", "ada")
                .label("region", "north"));
        return id;
    }

    /** What failed lately of a customer. */
    static ExecutionPage failedLately(Engine engine) {
        ExecutionQuery query = ExecutionQuery.all()
                .label("customer", "ada")
                .statuses(List.of(ExecutionStatus.FAILED, ExecutionStatus.CANCELLED))
                .since(Instant.now().minus(Duration.ofHours(2)))
                .error("TimeoutException");
        ExecutionPage page = engine.search(query);
        return page;
    }

    /** Everything that failed is retried. */
    static void retryAll(Engine engine) {
        ExecutionQuery failed = ExecutionQuery.all().workflow("invoice").status(ExecutionStatus.FAILED);
        BulkPreview preview = engine.operations().preview(failed, BulkAction.retry());
        if (!preview.fitting().isEmpty()) {
            UUID operation = engine.operations().start(failed, BulkAction.retry(), "ada");
            engine.operations().find(operation).ifPresent(now -> System.out.println(now.state() + " " + now.done()));
        }
    }
}
