package io.cloacina.examples.warehouse;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.engine.ExecutionQuery;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the tutorial of own tables says. */
class WarehouseTest {
    @DatabaseTest
    void an_order_that_is_placed_takes_its_goods(TestDatabase test) {
        try (Database database = Warehouse.open(test.url());
                TestEngine engine =
                        TestEngine.on(database).workflow(new Fulfilment()).start()) {
            Warehouse warehouse = Warehouse.on(database, engine.engine());
            warehouse.receive("chair", 10);
            UUID id = warehouse.place("A-1", new TreeMap<>(Map.of("chair", 4)));
            assertThat(database.list(WarehouseStatements.OPEN)).containsExactly("A-1");

            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(database.list(WarehouseStatements.OPEN)).isEmpty();
            assertThat(database.list(WarehouseStatements.WRONG_STOCK)).isEmpty();
        }
    }

    @DatabaseTest
    void an_order_that_is_short_takes_nothing_and_is_refused(TestDatabase test) {
        try (Database database = Warehouse.open(test.url());
                TestEngine engine =
                        TestEngine.on(database).workflow(new Fulfilment()).start()) {
            Warehouse warehouse = Warehouse.on(database, engine.engine());
            warehouse.receive("chair", 10);
            warehouse.receive("table", 1);
            UUID id = warehouse.place("A-1", new TreeMap<>(Map.of("chair", 4, "table", 2)));

            engine.tick();
            assertThat(engine, id).isFailed().hasTask("refuse").completed();
            assertThat(database.list(WarehouseStatements.LINES_IN, OrderStatus.REFUSED))
                    .hasSize(2);
            assertThat(database.list(WarehouseStatements.WRONG_STOCK)).isEmpty();
        }
    }

    @DatabaseTest
    void an_order_for_what_there_is_not_is_not_stored(TestDatabase test) {
        try (Database database = Warehouse.open(test.url());
                TestEngine engine =
                        TestEngine.on(database).workflow(new Fulfilment()).start()) {
            Warehouse warehouse = Warehouse.on(database, engine.engine());
            warehouse.receive("chair", 10);
            assertThatThrownBy(() -> warehouse.place("A-1", new TreeMap<>(Map.of("sofa", 1))))
                    .hasMessage("there is no product sofa");
            warehouse.place("A-2", new TreeMap<>(Map.of("chair", 1)));
            assertThatThrownBy(() -> warehouse.place("A-2", new TreeMap<>(Map.of("chair", 1))))
                    .isInstanceOfSatisfying(
                            DatabaseException.class,
                            e -> assertThat(e.constraint()).contains("orders_number_key"));

            assertThat(database.list(WarehouseStatements.OPEN)).containsExactly("A-2");
            assertThat(engine.engine()
                            .list(ExecutionQuery.all().workflow("fulfil-order").unfinished()))
                    .hasSize(1);
        }
    }

    @DatabaseTest
    void a_difference_that_was_made_by_hand_is_named(TestDatabase test) throws SQLException {
        try (Database database = Warehouse.open(test.url());
                Connection connection = test.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP INDEX orders_open_idx");

            assertThat(SchemaCheck.differences(database, WarehouseSchema.SCHEMA, WarehouseSchema.MIGRATIONS))
                    .singleElement()
                    .hasToString("index orders_open_idx of table orders is missing");
        }
    }

    @DatabaseTest
    void what_is_pending_can_be_printed_instead_of_run(TestDatabase test) {
        try (Database database = Database.open(test.url(), WarehouseSchema.SCHEMA)) {
            String script = new Migrator(database, WarehouseSchema.MIGRATIONS).script();
            assertThat(script).contains("CREATE TABLE warehouse_migrations", "CREATE TABLE stock_movements");
            assertThat(new Migrator(database, WarehouseSchema.MIGRATIONS).history())
                    .isEmpty();
        }
    }

    @Test
    void the_ddl_of_both_databases_comes_from_one_declaration() {
        List<String> sqlite = new Ddl(Dialect.of(Backend.SQLITE)).create(WarehouseSchema.SCHEMA);
        List<String> postgres = new Ddl(Dialect.of(Backend.POSTGRES)).create(WarehouseSchema.SCHEMA);

        assertThat(sqlite).hasSameSizeAs(postgres);
        assertThat(String.join("\n", sqlite)).contains("placed_at TEXT NOT NULL", "CHECK (on_hand >= 0)");
        assertThat(String.join("\n", postgres)).contains("placed_at timestamp NOT NULL", "CHECK (on_hand >= 0)");
    }

    @Test
    void what_a_released_version_runs_never_changes() {
        for (Migration version : WarehouseSchema.MIGRATIONS.all()) {
            for (Backend backend : Backend.values()) {
                assertThat(version.checksum(Dialect.of(backend)))
                        .as("version %d on %s", version.version(), backend)
                        .isIn(RELEASED);
            }
        }
    }

    private static final List<String> RELEASED = List.of(
            "177ec6ce7cf098a2fc33096230eb3c9f7b157eaf04bbdbb4a5f2db4c14585ac6",
            "bcb6afaf8c1075c5e34c8c27c7bdb784b7245f4a689ae17d1b2b1cd39d561611",
            "4883bdbbc0f69ed2c7bd01ea535e9a6a17d564dbc0fa103d21afc87954433bb1",
            "cd3df6277cfef7cdee2135cfc794cc3a3100a99a4000ed32b0f40cc8372a60a7");
}
