package io.cloacina.examples.warehouse;

import io.cloacina.api.TaskContext;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A process that ends without a word in the middle of a transaction; arguments: the URL and where. */
final class KilledWarehouse {
    static final int EXIT_CODE = 42;

    private KilledWarehouse() {}

    enum Point {
        /** The order and its submission are written and not committed. */
        PLACING,
        /** The stock is taken and recorded, and the task is not completed. */
        BOOKING
    }

    /** As the real one, and dies when it has booked. */
    public static final class Dying extends Fulfilment {
        @Override
        int book(String order, TaskContext context) {
            super.book(order, context);
            Runtime.getRuntime().halt(EXIT_CODE);
            return 0;
        }
    }

    public static void main(String[] arguments) {
        Database database = Warehouse.open(arguments[0]);
        Point point = Point.valueOf(arguments[1]);
        Engine engine = Engine.builder(database)
                .workflow(WarehouseKillTest.workflow(point == Point.BOOKING ? new Dying() : new Fulfilment()))
                .start();
        Warehouse warehouse = Warehouse.on(database, engine);
        if (point == Point.BOOKING) {
            UUID id = warehouse.place("A-1", new TreeMap<>(Map.of("chair", 4)));
            engine.await(id);
        }
        database.write(transaction -> {
            UniversalTimestamp now = UniversalTimestamp.now(Clock.systemUTC());
            transaction.run(
                    WarehouseStatements.PLACE,
                    new WarehouseStatements.NewOrder(UniversalUuid.v7(), "A-2", now, null, false));
            engine.submit(transaction, Submission.of("fulfil-order").input(Map.of("order", "A-2")));
            Runtime.getRuntime().halt(EXIT_CODE);
            return "";
        });
    }
}
