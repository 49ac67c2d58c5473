package io.cloacina.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
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
import org.junit.jupiter.api.Test;

/** Migrations that do not fit the tables are refused before anything is changed, the same on both databases. */
class MigrationRulesTest {
    static class Parents extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);

        Parents(Source source) {
            super("parents", source);
        }
    }

    static final class Children extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);
        final Column<UniversalUuid> parentId = column("parent_id", DataType.UUID);
        final NullableColumn<UniversalUuid> siblingId = nullable("sibling_id", DataType.UUID);
        final ForeignKey<Parents> parent = references(parentId, Parents::new, parents -> parents.id);
        final ForeignKey<Children> sibling = references(siblingId, Children::new, children -> children.id);

        Children(Source source) {
            super("children", source);
        }
    }

    static final class Notes extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);
        final NullableColumn<UniversalUuid> parentId =
                nullable("parent_id", DataType.UUID).addedIn(2);
        final ForeignKey<Parents> parent = references(parentId, Parents::new, parents -> parents.id);

        {
            index("parent", parentId).addedIn(2);
            index("old", id).addedIn(3);
        }

        Notes(Source source) {
            super("notes", source);
        }
    }

    private static final String HISTORY = "rules_migrations";

    private static void refused(String because, Migration... versions) {
        assertThatThrownBy(() -> Migrations.of(HISTORY, versions))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining(because);
    }

    @Test
    void a_table_is_created_before_the_tables_that_refer_to_it() {
        refused(
                "version 1 ('x'): children.parent_id refers to table parents, which no step before it creates: place"
                        + " Step.create(Parents::new) before it",
                Migration.version(1, "x", Step.create(Children::new), Step.create(Parents::new)));
        refused(
                "version 2 ('y'): notes.parent_id refers to table parents",
                Migration.version(1, "x", Step.create(Notes::new)),
                Migration.version(2, "y", Step.alter(Notes::new), Step.create(Parents::new)),
                Migration.version(3, "z", Step.alter(Notes::new)));
    }

    @DatabaseTest
    void a_table_that_sql_creates_may_be_referred_to(TestDatabase test) {
        String postgres = "CREATE TABLE parents (id uuid PRIMARY KEY)";
        String sqlite = "CREATE TABLE parents (id BLOB NOT NULL PRIMARY KEY) STRICT";
        Migrations migrations = Migrations.of(
                HISTORY, Migration.version(1, "x", Step.sql(sqlite, postgres), Step.create(Children::new)));
        try (Database database = Database.open(test.url(), Schema.of(Parents::new, Children::new))) {
            assertThat(Migrator.migrate(database, migrations)).hasSize(1);
        }
    }

    @DatabaseTest
    void a_table_that_another_tool_has_created_may_be_referred_to(TestDatabase test) throws SQLException {
        Migrations first = Migrations.of(HISTORY, Migration.version(1, "x", Step.create(Children::new)));
        String index = "CREATE INDEX parents_other_idx ON parents (id)";
        Migrations children = Migrations.of(
                HISTORY,
                Migration.version(1, "x", Step.create(Children::new)),
                Migration.version(2, "y", Step.sql(index, index)));
        try (Database database = Database.open(test.url(), Schema.of(Parents::new, Children::new))) {
            assertThatThrownBy(() -> Migrator.migrate(database, first))
                    .isInstanceOf(InvalidSchemaException.class)
                    .hasMessageContaining("no step of the migrations rules_migrations creates parents of the schema");
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement()) {
                statement.execute(
                        test.backend() == Backend.SQLITE
                                ? "CREATE TABLE parents (id BLOB NOT NULL PRIMARY KEY) STRICT"
                                : "CREATE TABLE parents (id uuid PRIMARY KEY)");
            }
            assertThat(Migrator.migrate(database, first)).hasSize(1);
            assertThat(Migrator.migrate(database, children)).hasSize(1);
        }
    }

    @DatabaseTest
    void a_view_that_another_tool_has_created_is_a_table_of_the_schema(TestDatabase test) throws SQLException {
        Migrations orders = Migrations.of(HISTORY, Migration.version(1, "x", Step.create(Orders::new)));
        try (Connection other = test.jdbc();
                Statement statement = other.createStatement()) {
            if (test.backend() == Backend.POSTGRES) {
                statement.execute("CREATE TABLE keys (id uuid PRIMARY KEY)");
            } else {
                statement.execute("CREATE TABLE keys (id BLOB NOT NULL PRIMARY KEY) STRICT");
            }
            statement.execute("CREATE VIEW parents AS SELECT id FROM keys");
        }
        try (Database database = Database.open(test.url(), Schema.of(Orders::new, Parents::new))) {
            assertThat(Migrator.migrate(database, orders)).hasSize(1);
        }
    }

    @Test
    void the_first_versions_are_some_of_all() {
        Migrations two = Migrations.of(
                HISTORY,
                Migration.version(1, "x", Step.create(Parents::new)),
                Migration.version(2, "y", Step.sql("SELECT 1", "SELECT 1")));
        assertThat(two.upTo(2).all()).hasSize(2);
        for (int version : new int[] {-1, 0, 3}) {
            assertThatThrownBy(() -> two.upTo(version))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCodes.INVALID_ARGUMENT))
                    .hasMessage("the migrations rules_migrations have the versions 1 to 2, and not " + version);
        }
    }

    @Test
    void each_change_that_a_table_declares_has_its_step() {
        Migration first = Migration.version(1, "x", Step.create(Parents::new), Step.create(Notes::new));
        refused(
                "table notes declares a change for a version after 1 (column parent_id), but the migrations end with"
                        + " version 1: add Migration.version(2, \"what changes\", Step.alter(Notes::new))",
                first);
        refused(
                "table notes declares a change for a version after 2 (index notes_old_idx)",
                first,
                Migration.version(2, "y", Step.alter(Notes::new)));
        refused(
                "version 2 ('y') does not alter table notes, which declares a change for it (column parent_id): add"
                        + " Step.alter(Notes::new) to that version",
                first,
                Migration.version(2, "y", Step.sql("SELECT 1", "SELECT 1")),
                Migration.version(3, "z", Step.alter(Notes::new)));
        assertThat(Migrations.of(
                                HISTORY,
                                first,
                                Migration.version(
                                        2, "y", Step.sql("ALTER TABLE notes ADD x", "ALTER TABLE notes ADD x int")),
                                Migration.version(3, "z", Step.alter(Notes::new)))
                        .all())
                .hasSize(3);
    }

    @DatabaseTest
    void steps_that_are_created_later_are_checked_when_they_are_used(TestDatabase test) {
        Migrations migrations = Migrations.of(
                HISTORY,
                Migration.version(1, "x", () -> List.of(Step.create(Children::new), Step.create(Parents::new))));
        try (Database database = Database.open(test.url(), Schema.of(Parents::new, Children::new))) {
            assertThatThrownBy(() -> Migrator.migrate(database, migrations))
                    .isInstanceOf(InvalidSchemaException.class)
                    .hasMessageContaining("children.parent_id refers to table parents");
        }
    }

    @DatabaseTest
    void a_table_of_the_schema_that_no_step_creates_is_refused(TestDatabase test) {
        Migrations parents = Migrations.of(HISTORY, Migration.version(1, "x", Step.create(Parents::new)));
        try (Database database = Database.open(test.url(), Schema.of(Parents::new, Children::new))) {
            assertThatThrownBy(() -> Migrator.migrate(database, parents))
                    .isInstanceOf(InvalidSchemaException.class)
                    .hasMessageContaining("no step of the migrations rules_migrations creates children of the schema")
                    .hasMessageContaining("Step.create(...)");
            assertThatThrownBy(() -> new Migrator(database, parents).script())
                    .isInstanceOf(InvalidSchemaException.class);
            assertThat(new Migrator(database, parents).history()).isEmpty();
        }
    }

    @DatabaseTest
    void two_schemas_of_one_database_are_each_created_by_their_own_migrations(TestDatabase test) {
        Migration later = Migration.version(2, "y", Step.alter(Notes::new));
        Migrations notes = Migrations.of(
                "notes_migrations",
                Migration.version(1, "x", Step.create(Parents::new), Step.create(Notes::new)),
                later,
                Migration.version(3, "z", Step.alter(Notes::new)));
        Migrations orders = Migrations.of(HISTORY, Migration.version(1, "x", Step.create(Orders::new)));
        Schema both = Schema.of(Orders::new).and(Schema.of(Parents::new, Notes::new));
        try (Database database = Database.open(test.url(), both)) {
            assertThat(Migrator.migrate(database, orders)).hasSize(1);
            assertThat(Migrator.migrate(database, notes.upTo(1)))
                    .extracting(Applied::version)
                    .containsExactly(1);
            assertThat(Migrator.migrate(database, notes))
                    .extracting(Applied::version)
                    .containsExactly(2, 3);
        }
    }

    @DatabaseTest
    void an_applied_version_that_was_edited_is_refused_with_what_to_do_instead(TestDatabase test) {
        Migrations applied = Migrations.of(HISTORY, Migration.version(1, "x", Step.create(Orders::new)));
        Migrations edited = Migrations.of(
                HISTORY, Migration.version(1, "x", Step.create(Orders::new), Step.sql("SELECT 1", "SELECT 1")));
        try (Database database = Database.open(test.url(), Schema.of(Orders::new))) {
            Migrator.migrate(database, applied);
            assertThatThrownBy(() -> Migrator.migrate(database, edited))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.MIGRATION))
                    .hasMessageContaining(
                            "an applied version must not be edited; undo the edit, mark the change where it"
                                    + " is declared (addedIn(2)), and add Migration.version(2, ...). Nothing was changed.");
        }
    }

    static final class Orders extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);

        Orders(Source source) {
            super("orders", source);
        }
    }

    @DatabaseTest
    void a_call_that_means_the_tables_of_cloacina_is_refused_for_those_of_an_application(TestDatabase test) {
        try (Database database = Database.open(test.url(), Schema.of(Orders::new))) {
            for (Runnable call : List.<Runnable>of(
                    () -> Migrator.migrate(database),
                    () -> Migrator.requireCurrent(database),
                    () -> SchemaCheck.differences(database))) {
                assertThatThrownBy(call::run)
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.STATEMENT))
                        .hasMessageContaining("was opened with a schema of your own")
                        .hasMessageContaining("MIGRATIONS)");
            }
            assertThat(new Migrator(database, CloacinaMigrations.ALL).history()).isEmpty();
        }
    }
}
