package io.cloacina.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.InvalidSchemaException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** Histories that a build refuses to go on from, and steps that do not fit the definition. */
class HistoryTest {
    private static void execute(TestDatabase test, String sql) throws SQLException {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void refused(Database database, String because) {
        assertThatThrownBy(() -> Migrator.migrate(database))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.MIGRATION))
                .hasMessageContaining(database.toString())
                .hasMessageContaining(because);
    }

    private static void insertVersion(TestDatabase test, int version) throws SQLException {
        execute(
                test,
                "INSERT INTO schema_migrations (version, name, checksum, applied_at) SELECT " + version
                        + ", 'later', 'x', applied_at FROM schema_migrations WHERE version = 1");
    }

    @DatabaseTest
    void a_history_that_is_newer_than_the_build_is_refused(TestDatabase test) throws SQLException {
        Database database = test.migrated();
        insertVersion(test, CloacinaMigrations.ALL.all().size() + 1);
        refused(database, "use a newer build. Nothing was changed.");
    }

    @DatabaseTest
    void a_history_that_was_edited_is_refused(TestDatabase test) throws SQLException {
        Database database = test.migrated();
        execute(test, "UPDATE schema_migrations SET checksum = 'edited' WHERE version = 1");
        refused(
                database,
                "with SQL that differs from the SQL of this build; one of the two was edited. Nothing was changed.");
    }

    @DatabaseTest
    void a_history_with_a_gap_is_refused(TestDatabase test) throws SQLException {
        Database database = test.open();
        Migrations three = Migrations.of(
                SchemaMigrations.NAME,
                SecondVersion.V1,
                SecondVersion.V2,
                Migration.version(3, "third", Step.sql("SELECT 1", "SELECT 1")));
        new Migrator(database, three, Clock.systemUTC()).migrate();
        execute(test, "DELETE FROM schema_migrations WHERE version = 2");
        assertThatThrownBy(() -> new Migrator(database, three, Clock.systemUTC()).migrate())
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("has schema version 3 but not 2");
    }

    @DatabaseTest
    void a_history_of_something_else_is_refused(TestDatabase test) throws SQLException {
        Database database = test.open();
        execute(test, "CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY)");
        refused(database, "has a table schema_migrations of another program");
    }

    @DatabaseTest
    void a_history_of_something_else_with_the_same_columns_is_refused(TestDatabase test) throws SQLException {
        Database database = test.open();
        execute(test, "CREATE TABLE schema_migrations (version text, name text, checksum text, applied_at text)");
        execute(test, "INSERT INTO schema_migrations VALUES ('one', 'a', 'b', 'c')");
        refused(database, "has a table schema_migrations of another program");
    }

    @Test
    void versions_have_no_gap() {
        assertThatThrownBy(() -> Migrations.of(SchemaMigrations.NAME, SecondVersion.V2))
                .hasMessage("migration 'each kind of change' has version 2, but version 1 is expected");
    }

    private static void stepRefused(Step step, String because) {
        assertThatThrownBy(() -> Migration.version(2, "wrong", step).statements(Dialect.of(Backend.SQLITE)))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining(because);
    }

    @Test
    void a_step_that_does_not_fit_the_definition_is_refused() {
        stepRefused(
                Step.alter(SecondVersion.LaterTasks::new),
                "version 2 adds NOT NULL column task_executions.weight: give the value for existing rows with a"
                        + " Backfill");
        stepRefused(Step.alter(Contexts::new), "but declares no change of it in this version");
        stepRefused(Step.alter(SecondVersion.Labels::new), "which comes only with version 2");
        stepRefused(Step.create(Contexts::new), "which is declared for version 1");
        stepRefused(
                Step.alter(SecondVersion.Notes::new, n -> Backfill.constant(n.weight, 1)),
                "backfills of columns of notes that version 2 does not add: [weight]");
        stepRefused(
                Step.alter(
                        SecondVersion.LaterTasks::new,
                        t -> Backfill.constant(t.weight, 1),
                        t -> Backfill.constant(t.weight, 2)),
                "two backfills of column task_executions.weight");
    }

    @Test
    void a_step_is_one_statement() {
        assertThatThrownBy(() -> Step.sql("SELECT 1; SELECT 2", "SELECT 1"))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining("a step is one statement");
    }

    @Test
    void a_later_definition_renders_the_first_version_as_it_was() {
        for (var backend : Backend.values()) {
            Ddl ddl = new Ddl(Dialect.of(backend));
            assertThat(ddl.create(Schema.define(SecondVersion.LaterTasks::new), 1))
                    .isEqualTo(ddl.create(Schema.define(TaskExecutions::new), 1));
            assertThat(ddl.create(Schema.define(SecondVersion.LaterExecutions::new), 1))
                    .isEqualTo(ddl.create(Schema.define(PipelineExecutions::new), 1));
        }
    }
}
