package io.cloacina.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of all operations in a JVM of its own. The compiler of the JVM decides differently each time about the same
 * code, of the layer and of the driver beneath both, which moves a ratio by a tenth; so several such runs are needed. This
 * class is also the main class of that JVM.
 */
final class Fork {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Fork() {}

    /** What a fork is asked to do. */
    record Order(Setup setup, @Nullable String url, Settings settings) {
        Place place() throws IOException {
            return switch (setup) {
                case SQLITE_MEMORY -> Place.memory();
                case SQLITE_FILE_FULL -> Place.files("FULL");
                case SQLITE_FILE_NORMAL -> Place.files("NORMAL");
                case POSTGRESQL -> {
                    String given = Objects.requireNonNull(url);
                    yield Place.postgres((DatabaseUrl.Postgres) DatabaseUrl.parse(given), given);
                }
            };
        }
    }

    /** What it measured: medians of its rounds. */
    record Result(String product, Map<Operation, Figures> operations) {
        Figures figures(Operation operation) {
            return Objects.requireNonNull(operations.get(operation));
        }
    }

    /** Nanoseconds and bytes of one operation, and the ratio of layer to floor. */
    record Figures(double floorNanos, double layerNanos, double ratio, double floorBytes, double layerBytes) {}

    static Result run(Order order) throws IOException, InterruptedException {
        return JSON.readValue(FreshJvm.run(Fork.class, JSON.writeValueAsString(order)), Result.class);
    }

    /** Reads an order from its input and writes a result. */
    public static void main(String[] arguments) throws IOException, SQLException {
        System.out.println(JSON.writeValueAsString(measure(JSON.readValue(System.in, Order.class))));
    }

    private static Result measure(Order order) throws IOException, SQLException {
        Seed seed = new Seed();
        try (Place place = order.place();
                FloorOperations floor = place.floor();
                Database database = place.layer()) {
            LayerOperations layer = new LayerOperations(database);
            seed.plant(floor);
            seed.plant(layer);
            Interleaved interleaved = new Interleaved(order.settings(), seed);
            Map<Operation, Figures> operations = new EnumMap<>(Operation.class);
            for (Operation operation : Operation.values()) {
                operations.put(operation, interleaved.compare(operation, floor, layer));
            }
            DatabaseMetaData data = floor.connection().getMetaData();
            return new Result(data.getDatabaseProductName() + " " + data.getDatabaseProductVersion(), operations);
        }
    }
}
