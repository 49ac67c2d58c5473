package io.cloacina.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.catalog.Difference;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidSchemaException;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The schema of an application and that of Cloacina in one database: neither meets the history of the other. */
class TwoSchemasTest {
    private static final Migration V1 = Migration.version(1, "orders", Step.create(Orders::new));
    private static final Migration V2 = Migration.version(2, "notes of orders", Step.alter(Orders::new));
    private static final Schema SCHEMA = Schema.of(Orders::new);
    private static final Migrations BOTH = Migrations.of("shop_migrations", V1, V2);
    private static final Migrations FIRST = BOTH.upTo(1);

    static final class Orders extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);
        final NullableColumn<String> note = nullable("note", DataType.TEXT).addedIn(2);

        Orders(Source source) {
            super("orders", source);
        }
    }

    private static void execute(TestDatabase test, String... all) throws SQLException {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            for (String sql : all) {
                statement.execute(sql);
            }
        }
    }

    @DatabaseTest
    void each_is_migrated_by_its_own_history_whoever_comes_first(TestDatabase test) {
        try (Database database = Database.open(test.url(), SCHEMA)) {
            assertThat(Migrator.migrate(database, FIRST))
                    .extracting(Applied::version)
                    .containsExactly(1);
            assertThat(Migrator.migrate(database, CloacinaMigrations.ALL))
                    .hasSize(CloacinaMigrations.ALL.all().size());
            assertThat(Migrator.migrate(database, BOTH))
                    .extracting(Applied::version)
                    .containsExactly(2);

            assertThat(Migrator.migrate(database, CloacinaMigrations.ALL)).isEmpty();
            assertThat(Migrator.migrate(database, BOTH)).isEmpty();
            Migrator.requireCurrent(database, CloacinaMigrations.ALL);
            assertThat(new Migrator(database, BOTH).history())
                    .extracting(Applied::name)
                    .containsExactly("orders", "notes of orders");
        }
    }

    @DatabaseTest
    void both_at_the_same_time_take_turns(TestDatabase test) {
        try (Database one = Database.open(test.url(), SCHEMA);
                Database other = Database.open(test.url())) {
            CompletableFuture<List<Applied>> own = CompletableFuture.supplyAsync(() -> Migrator.migrate(one, BOTH));
            CompletableFuture<List<Applied>> cloacinas = CompletableFuture.supplyAsync(() -> Migrator.migrate(other));

            assertThat(own.join()).hasSize(2);
            assertThat(cloacinas.join()).hasSize(CloacinaMigrations.ALL.all().size());
        }
    }

    @DatabaseTest
    void the_check_of_each_says_what_differs_there_and_nothing_of_the_other(TestDatabase test) throws SQLException {
        try (Database database = Database.open(test.url(), SCHEMA)) {
            Migrator.migrate(database, CloacinaMigrations.ALL);
            assertThat(SchemaCheck.differences(database, SCHEMA, BOTH))
                    .extracting(Difference::text)
                    .containsExactly(
                            "schema version 1 ('orders') is not applied",
                            "schema version 2 ('notes of orders') is not applied",
                            "table orders is missing",
                            "table shop_migrations is missing");

            Migrator.migrate(database, BOTH);
            assertThat(SchemaCheck.differences(database, SCHEMA, BOTH)).isEmpty();
            assertThat(SchemaCheck.differences(database, CloacinaSchema.SCHEMA, CloacinaMigrations.ALL))
                    .isEmpty();

            execute(test, "CREATE INDEX by_hand ON orders (note)", "CREATE INDEX too ON shop_migrations (name)");
            assertThat(SchemaCheck.differences(database, SCHEMA, BOTH))
                    .extracting(Difference::toString)
                    .containsExactly(
                            "index by_hand of table orders is not in the definition: (note)",
                            "index too of table shop_migrations is not in the definition: (name)");
            assertThat(SchemaCheck.differences(database, CloacinaSchema.SCHEMA, CloacinaMigrations.ALL))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void a_script_makes_the_history_table_as_well(TestDatabase test) throws SQLException {
        try (Database database = Database.open(test.url(), SCHEMA)) {
            Migrator first = new Migrator(database, FIRST);
            execute(test, first.script().split(";\n"));
            assertThat(first.pending()).isEmpty();

            Migrator second = new Migrator(database, BOTH);
            assertThat(second.script()).doesNotContain("CREATE TABLE shop_migrations");
            execute(test, second.script().split(";\n"));
            assertThat(SchemaCheck.differences(database, SCHEMA, BOTH)).isEmpty();
        }
    }

    @DatabaseTest
    void the_history_of_another_schema_is_refused_with_what_to_do(TestDatabase test) {
        Migrations careless = Migrations.of(SchemaMigrations.NAME, V1, V2);
        try (Database database = Database.open(test.url(), SCHEMA)) {
            Migrator.migrate(database, CloacinaMigrations.ALL);

            assertThatThrownBy(() -> Migrator.migrate(database, careless))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.MIGRATION))
                    .hasMessageContaining("schema_migrations is the history of another schema")
                    .hasMessageContaining("Migrations.of(NAME, ...)");
        }
    }

    @DatabaseTest
    void a_failed_first_version_leaves_no_history_table(TestDatabase test) {
        Migrations failing = Migrations.of(
                "shop_migrations",
                Migration.version(
                        1,
                        "orders",
                        Step.create(Orders::new),
                        Step.sql("UPDATE no_such_table SET a = 1", "UPDATE no_such_table SET a = 1")),
                V2);
        try (Database database = Database.open(test.url(), SCHEMA)) {
            assertThatThrownBy(() -> Migrator.migrate(database, failing)).hasMessageContaining("no_such_table");

            assertThat(Migrator.migrate(database, FIRST)).hasSize(1);
        }
    }

    @Test
    void a_history_table_has_a_name_that_both_backends_take() {
        assertThatThrownBy(() -> Migrations.of("Shop Migrations", V1))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining("'Shop Migrations' is not a valid name on both backends");
        assertThatThrownBy(() -> Migrations.of("m".repeat(60), V1))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining("PostgreSQL cuts names");
    }

    @Test
    void the_ddl_of_both_backends_needs_no_database() {
        assertThat(new Ddl(Dialect.of(Backend.SQLITE)).create(SCHEMA))
                .singleElement()
                .asString()
                .contains("id BLOB NOT NULL", "STRICT");
        assertThat(new Ddl(Dialect.of(Backend.POSTGRES)).create(SCHEMA))
                .singleElement()
                .asString()
                .contains("id uuid NOT NULL");
    }
}
