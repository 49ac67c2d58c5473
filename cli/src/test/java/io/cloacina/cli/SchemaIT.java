package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.catalog.SchemaReference;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class SchemaIT {
    @TempDir
    private Path home;

    private CloacinaProcess.Finished schema(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "schema";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CloacinaProcess.Finished finished = Cli.run(home, all);
        assertThat(finished.out()).noneMatch(line -> line.contains("\u001b"));
        return finished;
    }

    private void assertSays(String line, String... arguments) {
        CloacinaProcess.Finished finished = schema(arguments);

        assertThat(finished.err()).isEmpty();
        assertThat(finished.out()).containsExactly(line);
        assertThat(finished.exitCode()).isZero();
    }

    private static void apply(TestDatabase database, String script) throws SQLException {
        try (Connection connection = database.jdbc();
                Statement statement = connection.createStatement()) {
            if (database.backend() == Backend.SQLITE) {
                statement.executeUpdate(script); // all of it: execute would run the first statement only
            } else {
                statement.execute(script); // the script selects its lock, which executeUpdate refuses
            }
        }
    }

    @DatabaseTest
    void a_database_made_from_the_ddl_needs_nothing(TestDatabase database) throws SQLException {
        CloacinaProcess.Finished ddl =
                schema("ddl", "--backend", database.backend().label());
        assertThat(ddl.exitCode()).isZero();
        assertThat(ddl.err()).isEmpty();

        apply(database, ddl.outText());

        assertSays("no differences", "check", "--database", database.url());
        assertSays("up to date (version 1)", "migrate", "--database", database.url());
    }

    @DatabaseTest
    void migrate_says_what_it_applied_and_then_that_there_is_nothing_to_do(TestDatabase database) {
        assertSays("applied version 1: the first tables", "migrate", "--database", database.url());
        assertSays("up to date (version 1)", "migrate", "--database", database.url());
        assertSays("no differences", "check", "--database", database.url());
        assertThat(schema("migrate", "--print", "--database", database.url()).out())
                .isEmpty();
    }

    @DatabaseTest
    void what_is_printed_does_what_migrate_would_do(TestDatabase database) throws SQLException {
        CloacinaProcess.Finished printed = schema("migrate", "--print", "--database", database.url());
        assertThat(printed.exitCode()).isZero();
        assertThat(printed.err()).isEmpty();

        apply(database, printed.outText());

        assertSays("up to date (version 1)", "migrate", "--database", database.url());
        assertSays("no differences", "check", "--database", database.url());
    }

    @DatabaseTest
    void check_names_each_difference(TestDatabase database) throws SQLException {
        database.migrated().close();
        apply(database, "ALTER TABLE contexts ADD COLUMN extra TEXT; DROP INDEX " + anyIndex(database));

        CloacinaProcess.Finished finished = schema("check", "--database", database.url());

        assertThat(finished.exitCode()).isEqualTo(1);
        assertThat(finished.err()).isEmpty();
        assertThat(finished.out())
                .hasSize(2)
                .anyMatch(line -> line.contains("contexts") && line.contains("extra"))
                .anyMatch(line -> line.contains("cron_schedules_"));
    }

    private static String anyIndex(TestDatabase database) throws SQLException {
        String query = database.backend() == Backend.SQLITE
                ? "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'cron_schedules_%'"
                        + " AND sql IS NOT NULL ORDER BY name"
                : "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'cron_schedules_%'"
                        + " AND indexname NOT LIKE '%pkey' ORDER BY indexname";
        try (Connection connection = database.jdbc();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    @Test
    void looking_at_a_file_that_is_not_there_does_not_make_it() {
        CloacinaProcess.Finished check = schema("check", "--database", "sqlite:none.db");
        CloacinaProcess.Finished print = schema("migrate", "--print", "--database", "sqlite:none.db");

        assertThat(check.exitCode()).isEqualTo(2);
        assertThat(check.err())
                .containsExactly("cloacina: cannot use sqlite:none.db: there is no file none.db;"
                        + " 'cloacina schema migrate' creates it");
        assertThat(print.exitCode()).isZero();
        assertThat(print.outText()).contains("CREATE TABLE task_executions");
        assertThat(home.resolve("none.db")).doesNotExist();
        assertThat(Files.exists(home.resolve("none.db-wal"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void the_ddl_is_sql_and_nothing_else(Backend backend) {
        CloacinaProcess.Finished ddl = CloacinaProcess.run(home, "schema", "ddl", "--backend", backend.label());

        assertThat(ddl.err()).isEmpty();
        assertThat(ddl.out().get(0)).startsWith("-- Cloacina's tables, schema version 1, for an empty ");
        assertThat(ddl.outText()).contains("CREATE TABLE pipeline_executions (").endsWith("\nCOMMIT;\n");
    }

    @Test
    void an_unknown_backend_is_answered_with_those_that_there_are() {
        CloacinaProcess.Finished finished = schema("ddl", "--backend", "mysql");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err().get(0)).contains("'mysql' is not one of sqlite, postgresql");
    }

    @Test
    void the_tables_are_described_as_text_and_as_markdown() {
        CloacinaProcess.Finished text = schema("tables");
        CloacinaProcess.Finished markdown = schema("tables", "--markdown");

        assertThat(text.exitCode()).isZero();
        assertThat(text.outText()).isEqualTo(SchemaReference.text()).contains("task_executions");
        assertThat(markdown.exitCode()).isZero();
        assertThat(markdown.outText()).isEqualTo(SchemaReference.markdown());
    }
}
