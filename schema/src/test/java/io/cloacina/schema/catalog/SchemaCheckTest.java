package io.cloacina.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaCheckTest {
    @DatabaseTest
    void a_database_made_by_the_migrations_is_as_defined(TestDatabase test) {
        assertThat(SchemaCheck.differences(test.migrated())).isEmpty();
    }

    @DatabaseTest
    void a_database_made_from_the_definition_differs_in_its_history_only(TestDatabase test) {
        Database database = test.open();
        new HandEdit(test)
                .run(new Ddl(database.dialect()).create(CloacinaSchema.SCHEMA).toArray(String[]::new));

        assertThat(SchemaCheck.differences(database, CloacinaSchema.SCHEMA)).isEmpty();
        assertThat(lines(database)).containsExactly("schema version 1 ('the first tables') is not applied");
    }

    @DatabaseTest
    void an_empty_database_lacks_every_table(TestDatabase test) {
        assertThat(lines(test.open()))
                .hasSize(1 + CloacinaSchema.SCHEMA.tables().size())
                .contains("table contexts is missing", "table cron_executions is missing");
    }

    @DatabaseTest
    void a_missing_table(TestDatabase test) {
        assertThat(after(test, edit -> edit.run("DROP TABLE cron_executions")))
                .containsExactly("table cron_executions is missing");
    }

    @DatabaseTest
    void a_view_in_the_place_of_a_table(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.run(
                                "ALTER TABLE recovery_events RENAME TO moved",
                                "CREATE VIEW recovery_events AS SELECT * FROM moved")))
                .contains("table recovery_events: VIEW in the database, not in the definition");
    }

    @DatabaseTest
    void tables_of_the_application_are_not_looked_at(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.run(
                                "CREATE TABLE orders (id integer PRIMARY KEY, status varchar(10) DEFAULT 'new' CHECK (status <> ''))",
                                "CREATE INDEX orders_status ON orders (status)",
                                "CREATE VIEW order_ids AS SELECT id FROM orders")))
                .isEmpty();
    }

    @DatabaseTest
    void an_additional_column(TestDatabase test) {
        assertThat(after(test, edit -> edit.run("ALTER TABLE contexts ADD COLUMN note text")))
                .singleElement()
                .asString()
                .startsWith("column contexts.note is not in the definition: ")
                .containsIgnoringCase("text, nullable, no default");
    }

    @DatabaseTest
    void a_missing_column(TestDatabase test) {
        assertThat(after(test, edit -> edit.run("ALTER TABLE contexts DROP COLUMN value")))
                .containsExactly("column contexts.value is missing");
    }

    @DatabaseTest
    void a_column_that_has_become_not_null(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite(
                                        "pipeline_executions", "started_at TEXT,", "started_at TEXT NOT NULL,")
                                .onPostgres("ALTER TABLE pipeline_executions ALTER started_at SET NOT NULL")))
                .containsExactly(
                        "pipeline_executions.started_at: NOT NULL in the database, nullable in the definition");
    }

    @DatabaseTest
    void a_column_that_has_become_nullable(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite("task_executions", "attempt INTEGER NOT NULL,", "attempt INTEGER,")
                                .onPostgres("ALTER TABLE task_executions ALTER attempt DROP NOT NULL")))
                .containsExactly("task_executions.attempt: nullable in the database, NOT NULL in the definition");
    }

    @DatabaseTest
    void a_default(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite(
                                        "task_executions",
                                        "attempt INTEGER NOT NULL,",
                                        "attempt INTEGER DEFAULT 1 NOT NULL,")
                                .onPostgres("ALTER TABLE task_executions ALTER attempt SET DEFAULT 1")))
                .containsExactly("task_executions.attempt: DEFAULT 1 in the database, no default in the definition");
    }

    @DatabaseTest
    void another_type(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite("recovery_events", "recovery_type TEXT", "recovery_type ANY")
                                .onPostgres("ALTER TABLE runners ALTER pid TYPE integer")))
                .singleElement()
                .isIn(
                        "recovery_events.recovery_type: ANY in the database, TEXT in the definition",
                        "runners.pid: integer in the database, bigint in the definition");
    }

    @DatabaseTest
    void another_collation(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite("contexts", "value TEXT", "value TEXT COLLATE NOCASE")
                                .onPostgres("ALTER TABLE contexts ALTER value TYPE text COLLATE \"POSIX\"")))
                .singleElement()
                .isIn(
                        "contexts.value: collation nocase in the database, collation default in the definition",
                        "contexts.value: collation POSIX in the database, collation C in the definition");
    }

    @Test
    void a_table_that_is_not_strict() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            assertThat(after(test, edit -> edit.rebuildOnSqlite("contexts", ") STRICT", ") WITHOUT ROWID")))
                    .containsExactly(
                            "table contexts is not STRICT",
                            "table contexts: WITHOUT ROWID in the database, not in the definition");
        }
    }

    @Test
    void what_only_postgresql_can_do_to_a_table() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            assertThat(after(
                            test,
                            edit -> edit.run(
                                    "ALTER TABLE cron_executions SET UNLOGGED",
                                    "ALTER TABLE contexts ENABLE ROW LEVEL SECURITY",
                                    "ALTER TABLE workflow_packages DISABLE TRIGGER ALL",
                                    "CREATE RULE kept AS ON DELETE TO recovery_events DO INSTEAD NOTHING",
                                    "ALTER TABLE runners ADD CONSTRAINT one_pid UNIQUE (pid)",
                                    "ALTER TABLE runners ADD CHECK (pid > 0) NOT VALID",
                                    "DROP INDEX workflow_packages_registry_idx",
                                    "CREATE INDEX workflow_packages_registry_idx ON workflow_packages"
                                            + " USING hash (registry_id)")))
                    .containsExactly(
                            "table contexts: ROW LEVEL SECURITY in the database, not in the definition",
                            "table cron_executions: UNLOGGED in the database, not in the definition",
                            "rule kept of table recovery_events is not in the definition",
                            "constraint one_pid of table runners is not in the definition: UNIQUE (pid)",
                            "check runners_pid_check of table runners is not in the definition: pid > 0 NOT VALID",
                            "workflow_definitions_package_id_fkey:"
                                    + " (package_id) REFERENCES workflow_packages (id) ON DELETE CASCADE DISABLED"
                                    + " in the database,"
                                    + " (package_id) REFERENCES workflow_packages (id) ON DELETE CASCADE"
                                    + " in the definition",
                            "workflow_packages_registry_id_fkey:"
                                    + " (registry_id) REFERENCES workflow_registry (id) ON DELETE CASCADE DISABLED"
                                    + " in the database,"
                                    + " (registry_id) REFERENCES workflow_registry (id) ON DELETE CASCADE"
                                    + " in the definition",
                            "workflow_packages_registry_idx: (registry_id) USING hash in the database,"
                                    + " (registry_id) in the definition");
        }
    }

    @Test
    void only_the_current_schema_of_postgresql_is_looked_at() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            new HandEdit(test)
                    .run("CREATE SCHEMA app", "CREATE TABLE public.contexts (id integer)", "CREATE SCHEMA other")
                    .run("CREATE TABLE other.runners (id integer)");
            try (Database database = Database.open(test.url() + "?currentSchema=app,public")) {
                Migrator.migrate(database);

                assertThat(SchemaCheck.differences(database)).isEmpty();
                assertThat(lines(test.open())).contains("column contexts.value is missing", "table runners is missing");
            }
        }
    }

    @Test
    void a_database_in_memory() {
        try (Database database = Database.open("sqlite::memory:")) {
            Migrator.migrate(database);

            assertThat(SchemaCheck.differences(database)).isEmpty();
        }
    }

    @DatabaseTest
    void a_closed_set_with_a_value_less(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite("cron_schedules", "'run_once', ", "")
                                .onPostgres(
                                        "ALTER TABLE cron_schedules DROP CONSTRAINT cron_schedules_catchup_policy_check",
                                        "ALTER TABLE cron_schedules ADD CONSTRAINT cron_schedules_catchup_policy_check"
                                                + " CHECK (catchup_policy IN ('skip', 'run_all'))")))
                .containsExactly("cron_schedules_catchup_policy_check: the database allows"
                        + " catchup_policy IN ('skip', 'run_all'), the definition"
                        + " catchup_policy IN ('skip', 'run_once', 'run_all')");
    }

    @DatabaseTest
    void text_in_the_place_of_an_enum(TestDatabase test) {
        assertThat(
                        after(
                                test,
                                edit -> edit.rebuildOnSqlite(
                                                "workflow_packages",
                                                "CONSTRAINT workflow_packages_storage_type_check"
                                                        + " CHECK (storage_type IN ('database', 'filesystem')),",
                                                "")
                                        .onPostgres(
                                                "ALTER TABLE workflow_packages DROP CONSTRAINT workflow_packages_storage_type_check")))
                .containsExactly("check workflow_packages_storage_type_check of table workflow_packages is missing");
    }

    @DatabaseTest
    void an_additional_check(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite(
                                        "contexts", "value TEXT NOT NULL", "value TEXT NOT NULL CHECK (value <> '')")
                                .onPostgres("ALTER TABLE contexts ADD CHECK (value <> '')")))
                .singleElement()
                .asString()
                .startsWith("check ")
                .endsWith(" of table contexts is not in the definition: value <> ''");
    }

    @DatabaseTest
    void a_missing_foreign_key(TestDatabase test) {
        assertThat(
                        after(
                                test,
                                edit -> edit.rebuildOnSqlite(
                                                "workflow_packages",
                                                "CONSTRAINT workflow_packages_registry_id_fkey FOREIGN KEY (registry_id)"
                                                        + " REFERENCES workflow_registry (id) ON DELETE CASCADE,",
                                                "")
                                        .onPostgres(
                                                "ALTER TABLE workflow_packages DROP CONSTRAINT workflow_packages_registry_id_fkey")))
                .containsExactly(
                        "foreign key workflow_packages_registry_id_fkey of table workflow_packages is missing");
    }

    @DatabaseTest
    void another_action_on_delete(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite(
                                        "cron_executions",
                                        "REFERENCES pipeline_executions (id) ON DELETE CASCADE",
                                        "REFERENCES pipeline_executions (id) ON DELETE RESTRICT")
                                .onPostgres(
                                        "ALTER TABLE cron_executions DROP CONSTRAINT cron_executions_pipeline_execution_id_fkey",
                                        "ALTER TABLE cron_executions ADD CONSTRAINT cron_executions_pipeline_execution_id_fkey"
                                                + " FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id)"
                                                + " ON DELETE RESTRICT")))
                .containsExactly("cron_executions_pipeline_execution_id_fkey:"
                        + " (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE RESTRICT in the database,"
                        + " (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE"
                        + " in the definition");
    }

    @DatabaseTest
    void a_missing_primary_key(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.rebuildOnSqlite(
                                        "cron_executions", "CONSTRAINT cron_executions_pkey PRIMARY KEY (id),", "")
                                .onPostgres("ALTER TABLE cron_executions DROP CONSTRAINT cron_executions_pkey")))
                .containsExactly("constraint cron_executions_pkey of table cron_executions is missing");
    }

    @DatabaseTest
    void a_missing_index(TestDatabase test) {
        assertThat(after(test, edit -> edit.run("DROP INDEX task_executions_ready_idx")))
                .containsExactly("index task_executions_ready_idx of table task_executions is missing");
    }

    @DatabaseTest
    void a_unique_key_that_is_no_longer_unique(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.run(
                                "DROP INDEX cron_schedules_name_key",
                                "CREATE INDEX cron_schedules_name_key ON cron_schedules (name)")))
                .containsExactly("cron_schedules_name_key: (name) in the database, UNIQUE (name) in the definition");
    }

    @DatabaseTest
    void an_index_in_another_direction(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.run(
                                "DROP INDEX workflow_packages_registry_idx",
                                "CREATE INDEX workflow_packages_registry_idx ON workflow_packages (registry_id DESC)")))
                .containsExactly("workflow_packages_registry_idx: (registry_id DESC) in the database,"
                        + " (registry_id) in the definition");
    }

    @DatabaseTest
    void an_index_with_another_condition(TestDatabase test) {
        assertThat(
                        after(
                                test,
                                edit -> edit.run(
                                        "DROP INDEX task_executions_claimed_idx",
                                        "CREATE INDEX task_executions_claimed_idx ON task_executions (claimed_by) WHERE status = 'Running'")))
                .containsExactly("task_executions_claimed_idx: (claimed_by) WHERE status = 'Running' in the database,"
                        + " (claimed_by) WHERE claimed_by IS NOT NULL in the definition");
    }

    @DatabaseTest
    void an_additional_index(TestDatabase test) {
        assertThat(after(test, edit -> edit.run("CREATE INDEX mine ON contexts (lower(value), created_at DESC)")))
                .containsExactly(
                        "index mine of table contexts is not in the definition: (lower(value), created_at DESC)");
    }

    @DatabaseTest
    void a_trigger(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.onSqlite("CREATE TRIGGER mine AFTER DELETE ON contexts BEGIN SELECT 1; END")
                                .onPostgres(
                                        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                                        "CREATE TRIGGER mine AFTER DELETE ON contexts EXECUTE FUNCTION f()")))
                .containsExactly("trigger mine of table contexts is not in the definition");
    }

    @DatabaseTest
    void an_edited_version_in_the_history(TestDatabase test) {
        assertThat(after(test, edit -> edit.run("UPDATE schema_migrations SET checksum = 'other'")))
                .singleElement()
                .asString()
                .startsWith("schema version 1 ('the first tables') was applied on ")
                .endsWith(" with SQL that differs from the SQL of this build");
    }

    @DatabaseTest
    void a_version_of_a_newer_build(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.run("INSERT INTO schema_migrations"
                                + " SELECT 2, 'later', checksum, applied_at FROM schema_migrations")))
                .containsExactly("schema version 2 ('later') is applied, but this build knows versions up to 1");
    }

    @DatabaseTest
    void a_table_of_something_else_in_the_place_of_the_history(TestDatabase test) {
        assertThat(after(
                        test,
                        edit -> edit.run(
                                "DROP TABLE schema_migrations", "CREATE TABLE schema_migrations (version text)")))
                .anyMatch(line -> line.startsWith("the history cannot be read: "))
                .contains("column schema_migrations.checksum is missing");
    }

    @DatabaseTest
    void checking_changes_nothing_and_leaves_nothing(TestDatabase test) throws SQLException {
        Database database = test.migrated();
        List<String> before = everything(test);

        SchemaCheck.differences(database);

        assertThat(everything(test)).isEqualTo(before);
        assertThat(database.<String>write(transaction -> {
                    try (Statement statement = transaction.connection().createStatement();
                            ResultSet row = statement.executeQuery(
                                    test.backend() == Backend.SQLITE
                                            ? "SELECT count(*) FROM sqlite_temp_master"
                                            : "SELECT pg_my_temp_schema()::bigint + count(*) FROM pg_class"
                                                    + " WHERE relpersistence = 't'")) {
                        row.next();
                        return row.getString(1);
                    } catch (SQLException e) {
                        throw transaction.classify(e, "counting");
                    }
                }))
                .isEqualTo("0");
        assertThat(SchemaCheck.differences(database)).isEmpty();
    }

    @DatabaseTest
    void a_schema_of_ones_own(TestDatabase test) {
        Schema own = Schema.of(Notes::new);
        Database database = test.open();

        assertThat(SchemaCheck.differences(database, own)).hasToString("[table notes is missing]");
        new HandEdit(test).run(new Ddl(database.dialect()).create(own).toArray(String[]::new));
        assertThat(SchemaCheck.differences(database, own)).isEmpty();
    }

    @Test
    void a_server_that_permits_no_temporary_tables_is_told_so() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated();
            String name = test.url().substring(test.url().lastIndexOf('/') + 1);
            String role = "reader_" + name;
            new HandEdit(test)
                    .run(
                            "CREATE ROLE " + role + " LOGIN",
                            "REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC",
                            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role);
            try (Database database = Database.open(test.url().replace("postgres@", role + "@"))) {
                assertThatThrownBy(() -> SchemaCheck.differences(database))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.PERMISSION))
                        .hasMessageContaining("temporary tables")
                        .hasMessageContaining("GRANT TEMPORARY ON DATABASE");
            }
            new HandEdit(test).run("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    private interface Breaking {
        HandEdit apply(HandEdit edit);
    }

    private static List<String> after(TestDatabase test, Breaking breaking) {
        Database database = test.migrated();
        breaking.apply(new HandEdit(test));
        return lines(database);
    }

    private static List<String> lines(Database database) {
        return SchemaCheck.differences(database).stream()
                .map(Difference::toString)
                .toList();
    }

    private static List<String> everything(TestDatabase test) throws SQLException {
        String sql = test.backend() == Backend.SQLITE
                ? "SELECT group_concat(type || name || rootpage || sql) FROM sqlite_master"
                : "SELECT string_agg(oid::text || relname, ' ' ORDER BY oid) FROM pg_class";
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return List.of(row.getString(1));
        }
    }

    /** A table of an application. */
    static final class Notes extends Table {
        {
            primaryKey("id", DataType.BIGINT);
            check("short", nullable("note", DataType.text(10)).isNotNull());
        }

        Notes(Source source) {
            super("notes", source);
        }
    }
}
