package io.cloacina.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.benchmarks.Fork.Figures;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the layer allocates is exact, whatever else the machine does: so this part of its cost is a test. The times are for the
 * benchmark.
 */
class AllocationTest {
    private static final double MOST_BYTES = 100;
    private static final int MOST_ATTEMPTS = 6;
    private static final Settings SHORT = new Settings(1, 9, 20, 1_500, 0, 0);

    @ParameterizedTest
    @EnumSource
    void on_sqlite_in_memory_the_layer_allocates_at_most_100_bytes_more_than_jdbc(Operation operation)
            throws IOException, SQLException {
        try (Place memory = Place.memory()) {
            requireFewMoreBytes(memory, operation);
        }
    }

    @ParameterizedTest
    @EnumSource
    void on_postgres_the_layer_allocates_at_most_100_bytes_more_than_jdbc(Operation operation)
            throws IOException, SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Place schemas = Place.postgres((DatabaseUrl.Postgres) DatabaseUrl.parse(test.url()), test.url())) {
            requireFewMoreBytes(schemas, operation);
        }
    }

    private static void requireFewMoreBytes(Place place, Operation operation) throws SQLException {
        Seed seed = new Seed();
        try (FloorOperations floor = place.floor();
                Database database = place.layer()) {
            LayerOperations layer = new LayerOperations(database);
            seed.plant(floor);
            seed.plant(layer);
            double moreBytes = Double.MAX_VALUE;
            // Compiled code allocates less than interpreted code, and on a busy machine it comes late.
            for (int attempt = 0; attempt < MOST_ATTEMPTS && moreBytes > MOST_BYTES; attempt++) {
                Figures figures = new Interleaved(SHORT, seed).compare(operation, floor, layer);
                moreBytes = (figures.layerBytes() - figures.floorBytes()) / operation.rows();
            }
            assertThat(moreBytes)
                    .as("bytes allocated more for each row, %s on %s", operation.label(), database)
                    .isLessThanOrEqualTo(MOST_BYTES);
        }
    }
}
