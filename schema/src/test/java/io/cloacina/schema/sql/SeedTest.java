package io.cloacina.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The six acceptance criteria of the document that this project was made from, one by one. */
class SeedTest {
    private static final Set<String> NINE_TABLES = Set.of(
            "contexts",
            "pipeline_executions",
            "task_executions",
            "recovery_events",
            "task_execution_metadata",
            "workflow_registry",
            "workflow_packages",
            "cron_schedules",
            "cron_executions");

    private static final String ALL_NINE =
            "nightly 2025-06-01T12:00:00.000000Z etl extract extract {\"out\":2}" + " task_reset etl-package ";

    @DatabaseTest
    void criterion_1_a_single_schema_definition_serves_both_backends(TestDatabase test) throws SQLException {
        Database database = test.open();
        try (Connection connection = test.jdbc();
                java.sql.Statement statement = connection.createStatement()) {
            for (String sql : new Ddl(database.dialect()).create(CloacinaSchema.SCHEMA)) {
                statement.execute(sql);
            }
            for (Table table : CloacinaSchema.SCHEMA.tables()) {
                String columns = table.columns().stream().map(AnyColumn::name).collect(Collectors.joining(", "));
                statement.executeQuery("SELECT " + columns + " FROM " + table).close();
            }
        }
    }

    @Test
    void criterion_2_the_schema_uses_the_three_universal_wrapper_types() {
        Map<String, Set<Class<?>>> javaTypes = new TreeMap<>();
        for (Table table : CloacinaSchema.SCHEMA.tables()) {
            for (AnyColumn<?> column : table.columns()) {
                javaTypes
                        .computeIfAbsent(column.type().name(), name -> new HashSet<>())
                        .add(column.type().javaType());
            }
        }
        assertThat(javaTypes)
                .containsEntry("uuid", Set.of(UniversalUuid.class))
                .containsEntry("timestamp", Set.of(UniversalTimestamp.class))
                .containsEntry("boolean", Set.of(UniversalBool.class));
    }

    @DatabaseTest
    void criterion_3_all_nine_tables_are_there(TestDatabase test) throws SQLException {
        test.migrated();
        Set<String> tables = new TreeSet<>();
        try (Connection connection = test.jdbc();
                ResultSet found = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
            while (found.next()) {
                tables.add(found.getString("TABLE_NAME"));
            }
        }
        assertThat(tables).containsAll(NINE_TABLES);
        assertThat(CloacinaSchema.SCHEMA.tables().stream().map(Table::tableName))
                .containsAll(NINE_TABLES);
    }

    @DatabaseTest
    void criterion_4_the_join_relationships_are_defined_and_both_databases_hold_them(TestDatabase test)
            throws SQLException {
        test.migrated();
        Set<String> declared = new TreeSet<>();
        Set<String> held = new TreeSet<>();
        try (Connection connection = test.jdbc()) {
            for (Table table : CloacinaSchema.SCHEMA.tables()) {
                for (ForeignKey<?> key : table.foreignKeys()) {
                    declared.add(key.column() + " -> " + key.keyDefinition());
                }
                try (ResultSet keys = connection.getMetaData().getImportedKeys(null, null, table.tableName())) {
                    while (keys.next()) {
                        held.add(keys.getString("FKTABLE_NAME") + "." + keys.getString("FKCOLUMN_NAME") + " -> "
                                + keys.getString("PKTABLE_NAME") + "." + keys.getString("PKCOLUMN_NAME"));
                    }
                }
            }
        }
        assertThat(declared)
                .containsExactlyInAnyOrder(
                        "pipeline_executions.context_id -> contexts.id",
                        "task_executions.pipeline_execution_id -> pipeline_executions.id",
                        "task_executions.claimed_by -> runners.id",
                        "workflow_definitions.package_id -> workflow_packages.id",
                        "task_executions.parent_task_id -> task_executions.id",
                        "task_execution_metadata.task_execution_id -> task_executions.id",
                        "task_execution_metadata.pipeline_execution_id -> pipeline_executions.id",
                        "task_execution_metadata.context_id -> contexts.id",
                        "recovery_events.pipeline_execution_id -> pipeline_executions.id",
                        "recovery_events.task_execution_id -> task_executions.id",
                        "task_attempts.task_execution_id -> task_executions.id",
                        "execution_labels.pipeline_execution_id -> pipeline_executions.id",
                        "signals.pipeline_execution_id -> pipeline_executions.id",
                        "limit_uses.task_execution_id -> task_executions.id",
                        "limit_uses.pipeline_execution_id -> pipeline_executions.id",
                        "workflow_packages.registry_id -> workflow_registry.id",
                        "cron_executions.schedule_id -> cron_schedules.id",
                        "cron_executions.pipeline_execution_id -> pipeline_executions.id");
        assertThat(held).isEqualTo(declared);
    }

    @DatabaseTest
    void criterion_5_the_tables_may_appear_in_the_same_query(TestDatabase test) {
        Database database = test.migrated(ExampleQueries.STATEMENTS, SampleRows.STATEMENTS);
        database.write(SampleRows::everywhere);

        String sql = ExampleQueries.ALL_NINE_TABLES.composed(database.dialect()).sql();
        assertThat(NINE_TABLES).allSatisfy(table -> assertThat(sql).contains(" " + table + " t"));
        assertThat(database.list(ExampleQueries.ALL_NINE_TABLES))
                .singleElement()
                .asString()
                .startsWith(ALL_NINE);
    }

    @Test
    void criterion_6_one_build_carries_both_backends_at_once() {
        try (TestDatabase file = TestDatabase.create(Backend.SQLITE);
                TestDatabase server = TestDatabase.create(Backend.POSTGRES)) {
            List<Database> both = List.of(
                    file.migrated(ExampleQueries.STATEMENTS, SampleRows.STATEMENTS),
                    server.migrated(ExampleQueries.STATEMENTS, SampleRows.STATEMENTS));
            both.forEach(database -> database.write(SampleRows::everywhere));

            assertThat(both.get(0).list(ExampleQueries.ALL_NINE_TABLES))
                    .isEqualTo(both.get(1).list(ExampleQueries.ALL_NINE_TABLES))
                    .hasSize(1);
        }
    }
}
