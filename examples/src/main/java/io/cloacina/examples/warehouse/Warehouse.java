package io.cloacina.examples.warehouse;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import io.cloacina.examples.warehouse.WarehouseStatements.Line;
import io.cloacina.examples.warehouse.WarehouseStatements.Movement;
import io.cloacina.examples.warehouse.WarehouseStatements.NewOrder;
import io.cloacina.examples.warehouse.WarehouseStatements.Product;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The application: one database for its own tables and for the engine. */
public final class Warehouse {
    private final Database database;
    private final Engine engine;

    private Warehouse(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /** Opens the database with the tables and statements of the application, and brings its tables up to date. */
    static Database open(String url) {
        Database database = Database.open(url, WarehouseSchema.SCHEMA, WarehouseStatements.ALL);
        Migrator.migrate(database, WarehouseSchema.MIGRATIONS);
        return database;
    }

    static Warehouse on(Database database, Engine engine) {
        return new Warehouse(database, engine);
    }

    /** Goods come in: the product and its first line in the ledger. */
    void receive(String sku, int quantity) {
        database.write(transaction -> {
            Product product = new Product(UniversalUuid.v7(), sku, quantity);
            transaction.run(WarehouseStatements.ADD_PRODUCT, product);
            return transaction.run(
                    WarehouseStatements.RECORD,
                    new Movement(product.id(), null, quantity, UniversalTimestamp.now(Clock.systemUTC())));
        });
    }

    /** Stores an order with its lines and submits its workflow: all of it, or nothing. */
    UUID place(String number, SortedMap<String, Integer> quantities) {
        return database.write(transaction -> {
            NewOrder order =
                    new NewOrder(UniversalUuid.v7(), number, UniversalTimestamp.now(Clock.systemUTC()), null, false);
            transaction.run(WarehouseStatements.PLACE, order);
            transaction.batch(WarehouseStatements.ADD_LINE, lines(transaction, order, quantities));
            return engine.submit(transaction, Submission.of("fulfil-order").input(Map.of("order", number)));
        });
    }

    private static List<Line> lines(WriteTransaction transaction, NewOrder order, Map<String, Integer> quantities) {
        List<Line> lines = new ArrayList<>();
        quantities.forEach((sku, quantity) -> {
            Product product = transaction
                    .find(WarehouseStatements.PRODUCT, sku)
                    .orElseThrow(() -> new IllegalArgumentException("there is no product " + sku));
            lines.add(new Line(order.id(), product.id(), quantity));
        });
        return lines;
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Database database = open(arguments[0]);
                Engine engine =
                        Engine.builder(database).workflow(new Fulfilment()).start()) {
            Warehouse warehouse = on(database, engine);
            warehouse.receive("chair", 10);
            warehouse.receive("table", 1);
            UUID first = warehouse.place("A-1", new TreeMap<>(Map.of("chair", 4, "table", 1)));
            System.out.println(engine.await(first).status().label());
            UUID second = warehouse.place("A-2", new TreeMap<>(Map.of("chair", 5, "table", 1))); // no table is left
            System.out.println(engine.await(second).status().label());
            database.list(WarehouseStatements.LINES_IN, OrderStatus.BOOKED)
                    .forEach(line -> System.out.println(line.number() + ": " + line.quantity() + " x " + line.sku()));
            long orders =
                    database.find(WarehouseStatements.ORDERS, NoArgument.NONE).orElseThrow();
            System.out.println("orders: " + orders);
            System.out.println("open orders: " + database.list(WarehouseStatements.OPEN));
            System.out.println("wrong stock: " + database.list(WarehouseStatements.WRONG_STOCK));
            System.out.println("differences: "
                    + SchemaCheck.differences(database, WarehouseSchema.SCHEMA, WarehouseSchema.MIGRATIONS));
        }
    }
}
