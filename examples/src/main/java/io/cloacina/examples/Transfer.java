package io.cloacina.examples;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;

/** Exactly once: a transactional task writes to the application's own tables in the transaction of its completion. */
public final class Transfer {
    private Transfer() {}

    /** Books an amount from one account to another. */
    @Workflow(name = "transfer")
    public static class Booking {
        @Task(transactional = true, retry = @Retry(maxAttempts = 5, delay = "10ms"))
        int book(@Input String from, @Input String to, @Input int cents, TaskContext context) throws SQLException {
            if (context.attempt() == 1) {
                add(context.connection(), from, -cents);
                throw new SQLException("as if the connection had broken: nothing of this attempt stays");
            }
            add(context.connection(), from, -cents);
            openIfNew(context.connection(), to);
            add(context.connection(), to, cents);
            return cents;
        }

        @Task
        String receipt(@From("book") int cents) {
            return "transferred " + cents + " cents";
        }

        /** A part that may fail: the account may exist. */
        private static void openIfNew(Connection connection, String account) throws SQLException {
            Savepoint before = connection.setSavepoint();
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO accounts VALUES (?, 0)")) {
                insert.setString(1, account);
                insert.executeUpdate();
            } catch (SQLException e) {
                connection.rollback(before);
            }
        }

        private static void add(Connection connection, String account, int cents) throws SQLException {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE accounts SET cents = cents + ? WHERE name = ?")) {
                update.setInt(1, cents);
                update.setString(2, account);
                update.executeUpdate();
            }
        }
    }

    /** The application makes its tables in the same database, here in a workflow as well. */
    @Workflow(name = "set-up")
    public static class SetUp {
        @Task(transactional = true)
        void accounts(TaskContext context) throws SQLException {
            try (Statement statement = context.connection().createStatement()) {
                statement.executeUpdate("CREATE TABLE accounts (name VARCHAR(20) PRIMARY KEY, cents INTEGER NOT NULL)");
                statement.executeUpdate("INSERT INTO accounts VALUES ('ada', 1000), ('grace', 0)");
            }
        }
    }

    /** Reads the balances. */
    @Workflow(name = "balances")
    public static class Balances {
        @Task(transactional = true)
        String read(TaskContext context) throws SQLException {
            try (Statement statement = context.connection().createStatement();
                    ResultSet rows = statement.executeQuery("SELECT name, cents FROM accounts ORDER BY name")) {
                StringBuilder text = new StringBuilder();
                while (rows.next()) {
                    text.append(rows.getString(1))
                            .append(' ')
                            .append(rows.getInt(2))
                            .append("; ");
                }
                return text.toString();
            }
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.builder(arguments[0])
                .workflow(new SetUp())
                .workflow(new Booking())
                .workflow(new Balances())
                .start()) {
            engine.await(engine.submit("set-up", Map.of()));
            Submission transfer = Submission.of("transfer")
                    .input(Map.of("from", "ada", "to", "grace", "cents", 250))
                    .idempotencyKey("order-42");
            UUID id = engine.submit(transfer);
            engine.await(id);
            engine.await(engine.submit(transfer)); // the same key: the same execution
            System.out.println(engine.context(id).get("receipt", String.class));
            UUID balances = engine.submit("balances", Map.of());
            engine.await(balances);
            System.out.println(engine.context(balances).get("read", String.class));
        }
    }
}
