package io.cloacina.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CatchUpPolicy;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A schema that is written by hand, once for each backend, comes apart. Each test is one way in which that happened, and shows
 * that the definition cannot say it; {@link SchemaCheckTest} shows that the check names it.
 */
class WhatTwoHandWrittenSchemasDidTest {
    private static final Statements STATEMENTS = new Statements("hand-written");

    record Value(UniversalUuid id, String value, UniversalTimestamp at) {}

    private static final Command<Value> INSERT = STATEMENTS.insert("insert", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg(Value::id));
        i.set(c.value, i.arg(Value::value));
        i.set(c.createdAt, i.arg(Value::at));
        i.set(c.updatedAt, i.arg(Value::at));
    });

    private static final Select<UniversalUuid, Value> BY_ID = STATEMENTS.select("by-id", q -> {
        var c = q.from(Contexts::new);
        q.where(c.id.eq(q.arg()));
        return row -> new Value(row.get(c.id), row.get(c.value), row.get(c.createdAt));
    });

    @DatabaseTest
    void a_value_of_catchup_policy_was_allowed_on_one_side_only(TestDatabase test) {
        test.migrated();

        String check = LiveCatalog.of(test)
                .table("cron_schedules")
                .orElseThrow()
                .checks()
                .get("cron_schedules_catchup_policy_check");

        assertThat(check).isEqualTo("catchup_policy IN ('skip', 'run_once', 'run_all')");
        assertThat(CatchUpPolicy.values()).hasSize(3);
    }

    @DatabaseTest
    void started_at_was_nullable_on_one_side_only(TestDatabase test) {
        assertThat(nullable(test, "pipeline_executions", "started_at")).isTrue();
        assertThat(nullable(test, "task_executions", "started_at")).isTrue();
    }

    @DatabaseTest
    void timestamps_of_metadata_were_nullable_on_one_side_only(TestDatabase test) {
        assertThat(nullable(test, "task_execution_metadata", "created_at")).isFalse();
        assertThat(nullable(test, "task_execution_metadata", "updated_at")).isFalse();
    }

    @DatabaseTest
    void columns_were_nullable_in_the_databases_but_not_in_the_code(TestDatabase test) {
        // The types say that these read as plain values: that the databases refuse NULL follows from the same object.
        TaskExecutions defined = Schema.define(TaskExecutions::new);
        Column<Integer> attempt = defined.attempt;
        Column<String> triggerRules = defined.triggerRules;

        assertThat(nullable(test, "task_executions", attempt.name())).isFalse();
        assertThat(nullable(test, "task_executions", triggerRules.name())).isFalse();
    }

    @DatabaseTest
    void defaults_were_on_one_side_only(TestDatabase test) {
        test.migrated();

        assertThat(LiveCatalog.of(test).tables().values())
                .flatMap(table -> table.columns().values())
                .extracting(CatalogColumn::valueText)
                .containsOnly("no default");
    }

    @DatabaseTest
    void bad_json_was_a_cast_error_on_one_side_and_a_violated_constraint_on_the_other(TestDatabase test) {
        Database database = test.migrated(STATEMENTS);
        Value bad = new Value(UniversalUuid.v7(), "{not json", UniversalTimestamp.MIN);

        database.write(transaction -> transaction.run(INSERT, bad));

        // JSON is made and read by the application alone; to both databases it is text.
        assertThat(database.find(BY_ID, bad.id)).contains(bad);
    }

    @Test
    void an_index_was_ascending_on_one_side_and_descending_on_the_other() {
        assertThat(indexes(Backend.SQLITE))
                .contains(Map.entry(
                        "task_executions_ready_idx",
                        List.of("pipeline_name", "pipeline_version", "priority DESC", "id")))
                .isEqualTo(indexes(Backend.POSTGRES));
    }

    @DatabaseTest
    void lengths_were_limited_on_one_side_only(TestDatabase test) {
        Database database = test.migrated();

        assertThatThrownBy(() -> database.write(transaction -> {
                    try (Statement statement = transaction.connection().createStatement()) {
                        return statement.executeUpdate(scheduleNamed("x".repeat(201), transaction.dialect()));
                    } catch (SQLException e) {
                        throw transaction.classify(e, "inserting past the library");
                    }
                }))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CHECK))
                .hasMessageContaining("cron_schedules_name_check");
    }

    @DatabaseTest
    void instants_were_of_variable_width_on_one_side_and_without_zone_on_the_other(TestDatabase test)
            throws SQLException {
        Database database = test.migrated(STATEMENTS);
        Value value = new Value(UniversalUuid.v7(), "{}", UniversalTimestamp.parse("2024-03-10T02:30:00.500000Z"));
        database.write(transaction -> transaction.run(INSERT, value));

        assertThat(database.find(BY_ID, value.id)).contains(value);
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT created_at FROM contexts")) {
            row.next();
            if (test.backend() == Backend.SQLITE) {
                assertThat(row.getString(1)).isEqualTo("2024-03-10T02:30:00.500000Z");
            } else {
                assertThat(row.getObject(1, LocalDateTime.class))
                        .isEqualTo(LocalDateTime.parse("2024-03-10T02:30:00.500"));
            }
        }
    }

    @Test
    void a_foreign_key_was_dropped_by_its_name_on_one_side_and_by_a_rebuild_on_the_other() {
        // The names are the same, so that a change means the same key; and a step is written once.
        assertThat(foreignKeys(Backend.SQLITE)).isNotEmpty().isEqualTo(foreignKeys(Backend.POSTGRES));
    }

    @Test
    void the_sides_had_different_numbers_of_migrations() {
        assertThat(CloacinaMigrations.ALL.all()).allSatisfy(migration -> {
            assertThat(migration.statements(Dialect.of(Backend.SQLITE))).isNotEmpty();
            assertThat(migration.statements(Dialect.of(Backend.POSTGRES))).isNotEmpty();
        });
        assertThat(history(Backend.SQLITE))
                .isEqualTo(history(Backend.POSTGRES))
                .hasSameSizeAs(CloacinaMigrations.ALL.all());
    }

    @Test
    void the_tables_were_defined_again_in_the_code() throws IOException {
        List<Path> rendering = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(source);
                if (text.contains("\"CREATE TABLE ") || text.contains("CREATE TABLE IF")) {
                    rendering.add(source.getFileName());
                }
            }
        }
        assertThat(rendering).as("sources that spell a table").containsExactly(Path.of("Ddl.java"));
    }

    private static boolean nullable(TestDatabase test, String table, String column) {
        test.migrated();
        CatalogColumn found =
                LiveCatalog.of(test).table(table).orElseThrow().columns().get(column);
        assertThat(found).isNotNull();
        return found.nullable();
    }

    private static Map<String, List<String>> indexes(Backend backend) {
        Map<String, List<String>> indexes = new TreeMap<>();
        LiveCatalog.migrated(backend)
                .tables()
                .values()
                .forEach(table -> table.indexes().forEach((name, index) -> indexes.put(name, index.columns())));
        return indexes;
    }

    private static Map<String, CatalogForeignKey> foreignKeys(Backend backend) {
        Map<String, CatalogForeignKey> keys = new TreeMap<>();
        LiveCatalog.migrated(backend).tables().values().forEach(table -> keys.putAll(table.foreignKeys()));
        return keys;
    }

    private static List<String> history(Backend backend) {
        try (TestDatabase test = TestDatabase.create(backend)) {
            return new Migrator(test.migrated(), CloacinaMigrations.ALL, Clock.systemUTC())
                    .history().stream()
                            .map(applied -> applied.version() + " " + applied.name())
                            .toList();
        }
    }

    private static String scheduleNamed(String name, Dialect dialect) {
        CronSchedules table = Schema.define(CronSchedules::new);
        Backend backend = dialect.backend();
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (var column : table.columns()) {
            if (!column.isNullable()) {
                names.add(column.name());
                values.add(column == table.name ? "'" + name + "'" : sample(column, backend));
            }
        }
        return "INSERT INTO cron_schedules (" + String.join(", ", names) + ") VALUES (" + String.join(", ", values)
                + ")";
    }

    private static <V> String sample(AnyColumn<V> column, Backend backend) {
        return column.type().codec(backend).literal(column.type().sample());
    }
}
