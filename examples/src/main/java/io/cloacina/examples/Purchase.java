package io.cloacina.examples;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Condition;
import io.cloacina.api.annotation.ForEach;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Signal;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.When;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.Database;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The program of the README: an order is charged, booked, packed item by item, and shipped when a courier has come. */
public final class Purchase {
    private Purchase() {}

    /** What was ordered. */
    public record Item(String sku, int cents) {}

    /** Who ordered it. */
    public record Order(int number, String customer, List<Item> items) {
        int cents() {
            return items.stream().mapToInt(Item::cents).sum();
        }
    }

    /** Tasks are methods; a parameter says what a task needs, and so which tasks it comes after. */
    @Workflow(name = "purchase")
    public static class Fulfilment {
        @Task(retry = @Retry(maxAttempts = 5, delay = "1s"), timeout = "30s")
        String charge(@Input Order order) {
            return "receipt-" + order.number() + "-" + order.cents();
        }

        /** Exactly once: the row and the end of the task are one transaction. */
        @Task(transactional = true)
        List<Item> book(TaskContext context, @Input Order order, @From("charge") String receipt) throws SQLException {
            try (PreparedStatement insert =
                    context.connection().prepareStatement("INSERT INTO receipts VALUES (?, ?)")) {
                insert.setInt(1, order.number());
                insert.setString(2, receipt);
                insert.executeUpdate();
            }
            return order.items();
        }

        /** Runs once for each item, in parallel; on PostgreSQL the processes share the items. */
        @Task
        String pack(@ForEach("book") Item item) {
            if (item.sku().equals("unicorn")) {
                throw new IllegalStateException("out of stock: " + item.sku());
            }
            return "box with " + item.sku();
        }

        /** Waits for the courier, for days if necessary, without holding a thread or a connection. */
        @Task
        String ship(
                @From("pack") List<String> boxes, @Signal(value = "courier", within = "2d") Optional<String> courier) {
            return courier.map(name -> name + " took " + boxes).orElse("nobody came for " + boxes);
        }

        @Task(after = "pack", when = @When(allOf = {@Condition(completed = "charge"), @Condition(failed = "pack")}))
        String refund(@From("charge") String receipt) {
            return "refunded " + receipt;
        }
    }

    /** Argument: the URL of a database; a file in the current folder without it. It may be killed and started again at any time. */
    public static void main(String[] arguments) {
        String url = arguments.length == 0 ? "sqlite:purchase.db" : arguments[0];
        makeTable(url);
        Order lamp = new Order(1, "ada", List.of(new Item("lamp", 4_900), new Item("bulb", 300)));
        Order unicorn = new Order(2, "bob", List.of(new Item("unicorn", 99_900)));
        try (Engine engine = Engine.builder(url).workflow(new Fulfilment()).start()) {
            UUID id = engine.submit(
                    Submission.of("purchase").input(Map.of("order", lamp)).idempotencyKey("order-1"));
            engine.signal(id, "courier", "Carl", "courier-1");
            System.out.println(engine.await(id).status().label());
            System.out.println(engine.context(id).get("ship", String.class));

            UUID failing = engine.submit(
                    Submission.of("purchase").input(Map.of("order", unicorn)).idempotencyKey("order-2"));
            engine.await(failing);
            System.out.println(engine.context(failing).get("refund", String.class));
        }
    }

    private static void makeTable(String url) {
        try (Database database = Database.open(url)) {
            database.write(transaction -> {
                try (Statement statement = transaction.connection().createStatement()) {
                    return statement.executeUpdate(
                            "CREATE TABLE IF NOT EXISTS receipts (number INTEGER PRIMARY KEY, receipt TEXT)");
                } catch (SQLException e) {
                    throw transaction.classify(e, "making a table");
                }
            });
        }
    }
}
