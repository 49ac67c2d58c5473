package io.cloacina.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.SampleRows.Ids;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalUuid;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** From one version of the schema to the next, with rows in every table. */
class MigrationTest {
    private static final Migrations SECOND = Migrations.of(SchemaMigrations.NAME, SecondVersion.V1, SecondVersion.V2);
    private static final Migrations FIRST = SECOND.upTo(1);
    private static final Migrations FAILING =
            Migrations.of(SchemaMigrations.NAME, SecondVersion.V1, SecondVersion.FAILING_V2);

    private static final List<String> TABLES = List.of(
            "contexts",
            "runners",
            "pipeline_executions",
            "task_executions",
            "task_execution_metadata",
            "recovery_events",
            "workflow_registry",
            "workflow_packages",
            "cron_schedules",
            "cron_executions",
            "notes",
            "note_lines");

    private static List<Migrator.Applied> migrate(Database database, Migrations migrations) {
        return new Migrator(database, migrations, Clock.systemUTC()).migrate();
    }

    /** A database of the first version with rows in every table. */
    private static Database first(TestDatabase test) throws SQLException {
        Database database = test.open(SampleRows.STATEMENTS);
        assertThat(migrate(database, FIRST)).hasSize(1);
        Ids ids = database.write(SampleRows::everywhere);
        String note = DataType.UUID.codec(test.backend()).literal(UniversalUuid.v7());
        String context = DataType.UUID.codec(test.backend()).literal(ids.input());
        execute(
                test,
                "INSERT INTO notes (id, context_id, mood, weight) VALUES (" + note + ", " + context + ", 'CALM', 9)",
                "INSERT INTO note_lines (id, note_id) VALUES (" + note + ", " + note + ")");
        return database;
    }

    private static void execute(TestDatabase test, String... statements) throws SQLException {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> query(TestDatabase test, String sql) throws SQLException {
        try (Connection connection = test.jdbc()) {
            return Catalogs.query(connection, sql);
        }
    }

    /** All rows of the columns of the first version. */
    private static Map<String, List<String>> rows(TestDatabase test) throws SQLException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String table : TABLES) {
            String columns = SecondVersion.SCHEMA.table(table).orElseThrow().columns(1).stream()
                    .map(column -> column.name())
                    .reduce((a, b) -> a + ", " + b)
                    .orElseThrow();
            String row = test.backend() == Backend.POSTGRES ? "row(%s)::text" : "json_array(%s)";
            String readable = test.backend() == Backend.POSTGRES ? columns : hexOfBytes(table);
            rows.put(table, query(test, "SELECT " + row.formatted(readable) + " FROM " + table + " ORDER BY id"));
        }
        assertThat(rows.values()).allSatisfy(some -> assertThat(some).isNotEmpty());
        return rows;
    }

    private static String hexOfBytes(String table) {
        return String.join(
                ", ",
                SecondVersion.SCHEMA.table(table).orElseThrow().columns(1).stream()
                        .map(column -> "quote(" + column.name() + ")")
                        .toList());
    }

    private static Set<String> catalogOfDefinition(Backend backend) throws SQLException {
        try (TestDatabase fresh = TestDatabase.create(backend)) {
            Database database = fresh.open();
            execute(
                    fresh,
                    new Ddl(database.dialect()).create(SecondVersion.SCHEMA).toArray(String[]::new));
            return Catalogs.of(fresh);
        }
    }

    private static void requireSecondVersion(TestDatabase test, Map<String, List<String>> before) throws SQLException {
        assertThat(rows(test)).isEqualTo(before);
        assertThat(Catalogs.of(test))
                .isEqualTo(catalogOfDefinition(test.backend()))
                .anyMatch(line -> line.contains("notes_mood_check") && line.contains("UPSET"))
                .anyMatch(line -> line.contains("notes_weight_check") && line.contains("weight >= 0"))
                .noneMatch(line -> line.contains("notes_light_check"));
        assertThat(query(test, "SELECT DISTINCT weight FROM task_executions")).containsExactly("7");
        assertThat(query(test, "SELECT count(*) FROM task_executions WHERE queued_at = started_at"))
                .containsExactly("2");
        assertThat(query(test, "SELECT label FROM pipeline_executions")).containsExactly("old etl");
        if (test.backend() == Backend.SQLITE) {
            assertThat(query(test, "PRAGMA foreign_key_check")).isEmpty();
            assertThat(query(test, "PRAGMA integrity_check")).containsExactly("ok");
        }
    }

    @DatabaseTest
    void every_kind_of_change_keeps_the_rows_and_ends_where_the_definition_is(TestDatabase test) throws SQLException {
        Database database = first(test);
        Map<String, List<String>> before = rows(test);

        assertThat(migrate(database, SECOND))
                .extracting(Migrator.Applied::version)
                .containsExactly(2);

        requireSecondVersion(test, before);
        assertThat(new Migrator(database, SECOND, Clock.systemUTC()).history())
                .extracting(Migrator.Applied::name)
                .containsExactly("first", "each kind of change");
        // the grown set and the replaced check hold, and references to the rebuilt table too
        execute(test, "UPDATE notes SET mood = 'UPSET', weight = 10");
        assertThatThrownBy(() -> execute(test, "UPDATE notes SET weight = -1")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> execute(test, "UPDATE notes SET mood = 'OTHER'"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> execute(test, "UPDATE pipeline_executions SET label = '" + "x".repeat(21) + "'"))
                .isInstanceOf(SQLException.class);
    }

    @DatabaseTest
    void both_versions_at_once_make_what_the_definition_says(TestDatabase test) throws SQLException {
        assertThat(migrate(test.open(), SECOND)).hasSize(2);
        assertThat(Catalogs.of(test)).isEqualTo(catalogOfDefinition(test.backend()));
    }

    @DatabaseTest
    void foreign_keys_hold_again_after_a_change_of_the_schema(TestDatabase test) throws SQLException {
        Database database = first(test);
        migrate(database, SECOND);
        assertThatThrownBy(() -> database.write(transaction -> transaction.run(
                        SampleRows.OUTPUT,
                        new SampleRows.Output(UniversalUuid.v7(), UniversalUuid.v7(), "none", null))))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.FOREIGN_KEY));
    }

    @DatabaseTest
    void a_step_that_fails_leaves_everything_as_it_was(TestDatabase test) throws SQLException {
        Database database = first(test);
        Map<String, List<String>> before = rows(test);
        Set<String> catalog = Catalogs.of(test);

        assertThatThrownBy(() -> migrate(database, FAILING))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining(
                        "schema version 2 ('fails at its end') failed at: UPDATE no_such_table SET a = 1");

        assertThat(Catalogs.of(test)).isEqualTo(catalog);
        assertThat(rows(test)).isEqualTo(before);
        assertThat(migrate(database, FIRST)).isEmpty();
        assertThat(migrate(database, SECOND)).hasSize(1);
    }

    @DatabaseTest
    void a_process_that_is_killed_while_it_migrates_leaves_the_old_version(TestDatabase test) throws Exception {
        Database database = first(test);
        Map<String, List<String>> before = rows(test);
        Set<String> catalog = Catalogs.of(test);

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledMigration.class.getName(),
                        test.url())
                .inheritIO()
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(KilledMigration.EXIT_CODE);

        assertThat(Catalogs.of(test)).isEqualTo(catalog);
        assertThat(rows(test)).isEqualTo(before);
        assertThat(migrate(database, SECOND)).hasSize(1);
        requireSecondVersion(test, before);
    }

    @DatabaseTest
    void a_script_run_by_hand_is_what_the_migrator_would_have_done(TestDatabase test) throws SQLException {
        Database database = first(test);
        Map<String, List<String>> before = rows(test);
        Migrator migrator = new Migrator(database, SECOND, Clock.systemUTC());

        execute(test, migrator.script().split(";\n"));

        requireSecondVersion(test, before);
        assertThat(migrator.pending()).isEmpty();
        assertThat(migrator.script()).isEmpty();
        assertThat(migrator.migrate()).isEmpty();
        assertThat(migrator.history())
                .extracting(Migrator.Applied::name)
                .containsExactly("first", "each kind of change");
    }

    @DatabaseTest
    void a_script_keeps_other_migrations_away_and_checks_references(TestDatabase test) {
        String script = new Migrator(test.open(), CloacinaMigrations.ALL, Clock.systemUTC()).script();
        switch (test.backend()) {
            case SQLITE ->
                assertThat(script).contains("\nBEGIN IMMEDIATE;\n", "\nPRAGMA foreign_key_check;\nCOMMIT;\n");
            case POSTGRES ->
                assertThat(script)
                        .contains("\nBEGIN;\nSELECT pg_advisory_xact_lock(" + Database.ALTERATION_LOCK + ");\n");
        }
    }

    @DatabaseTest
    void a_script_makes_a_database_from_nothing(TestDatabase test) throws SQLException {
        Database database = test.open();
        Migrator migrator = new Migrator(database, CloacinaMigrations.ALL, Clock.systemUTC());
        execute(test, migrator.script().split(";\n"));
        assertThat(migrator.migrate()).isEmpty();
        assertThat(migrator.history()).hasSize(CloacinaMigrations.ALL.all().size());
    }

    @DatabaseTest
    void nothing_pending_is_no_write(TestDatabase test) throws SQLException {
        first(test);
        boolean sqlite = test.backend() == Backend.SQLITE;
        if (!sqlite) {
            // for connections that are made from now on
            String name = query(test, "SELECT current_database()").get(0);
            execute(test, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        }
        try (Connection connection = test.jdbc()) {
            String changes = sqlite ? "PRAGMA data_version" : "SHOW default_transaction_read_only";
            List<String> before = Catalogs.query(connection, changes);
            assertThat(migrate(test.open(), FIRST)).isEmpty();
            assertThat(Catalogs.query(connection, changes)).isEqualTo(before);
        }
        if (!sqlite) {
            assertThatThrownBy(() -> migrate(test.open(), SECOND))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.READ_ONLY));
        }
    }
}
