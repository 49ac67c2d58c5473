package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.SampleRows.Context;
import io.cloacina.schema.testsupport.SampleRows.Execution;
import io.cloacina.schema.testsupport.SampleRows.Task;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SchemaCopyIT {
    @TempDir
    private Path home;

    private String[] copy(TestDatabase from, TestDatabase to, String... more) {
        List<String> arguments = new ArrayList<>(List.of("schema", "copy", "--from", from.url(), "--to", to.url()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static void fill(TestDatabase test, int executions) {
        Database database = test.migrated(SampleRows.STATEMENTS);
        database.write(t -> {
            SampleRows.everywhere(t);
            List<Context> contexts = new ArrayList<>();
            List<Execution> runs = new ArrayList<>();
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < executions; i++) {
                UniversalUuid input = UniversalUuid.v7();
                UniversalUuid run = UniversalUuid.v7();
                contexts.add(new Context(input, "{\"n\":" + i + ",\"text\":\"" + "\u00e9".repeat(i % 300) + "\"}"));
                runs.add(new Execution(run, "etl", ExecutionStatus.COMPLETED, input, null));
                tasks.add(new Task(
                        UniversalUuid.v7(), run, "extract", TaskStatus.COMPLETED, null, SampleRows.NOON, null));
            }
            t.batch(SampleRows.CONTEXT, contexts);
            t.batch(SampleRows.EXECUTION, runs);
            return t.batch(SampleRows.TASK, tasks);
        });
    }

    /** Rows of the big tables; 0 before they are there. */
    private static long rows(TestDatabase test) throws SQLException {
        try (Connection connection = test.jdbc()) {
            return rows(connection);
        }
    }

    private static long rows(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT (SELECT count(*) FROM contexts) + (SELECT count(*) FROM"
                        + " pipeline_executions) + (SELECT count(*) FROM task_executions)")) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException notThereYet) {
            return 0;
        }
    }

    private static void awaitRows(TestDatabase test, long wanted) throws SQLException {
        try (Connection connection = test.jdbc()) {
            while (rows(connection) < wanted) {
                Cli.pause();
            }
        }
    }

    @DatabaseTest
    void a_table_for_each_table_and_nothing_else_in_a_pipe(TestDatabase target) {
        try (TestDatabase source = TestDatabase.create(Backend.SQLITE)) {
            fill(source, 10);

            CloacinaProcess.Finished finished = CloacinaProcess.run(home, copy(source, target));

            assertThat(finished.err()).isEmpty();
            assertThat(finished.exitCode()).isZero();
            // its own history no database takes from another
            int tables = CloacinaSchema.SCHEMA.tables().size() - 1;
            assertThat(finished.out()).hasSize(tables + 1);
            assertThat(finished.out().get(0)).matches("contexts +12 rows {2}same");
            assertThat(finished.out().subList(0, tables)).allMatch(line -> line.endsWith("same"));
            assertThat(finished.out().get(tables)).startsWith("copied 43 rows from sqlite:");

            CloacinaProcess.Finished again = Cli.run(home, copy(source, target));
            assertThat(again.exitCode()).isEqualTo(2);
            assertThat(again.err()).singleElement().asString().contains("is not empty: table contexts has rows");
        }
    }

    @DatabaseTest
    void one_object_as_json(TestDatabase target) {
        try (TestDatabase source = TestDatabase.create(Backend.SQLITE)) {
            fill(source, 1);

            CloacinaProcess.Finished finished = Cli.run(home, copy(source, target, "--json"));

            assertThat(finished.exitCode()).isZero();
            assertThat(finished.out())
                    .singleElement()
                    .asString()
                    .startsWith("{\"from\":\"sqlite:")
                    .contains(
                            "\"rows\":16,\"same\":true,\"tables\":[{\"table\":\"contexts\",\"rows\":3,\"targetRows\":3,")
                    .matches(".*\"sha256\":\"([0-9a-f]{64})\",\"targetSha256\":\"\\1\",\"same\":true.*");
        }
    }

    @DatabaseTest
    void killed_again_and_again_it_goes_on_where_it_was(TestDatabase target) throws Exception {
        try (TestDatabase source = TestDatabase.create(Backend.SQLITE)) {
            int executions = 8_000;
            fill(source, executions);
            Random random = new Random();
            long all = rows(source);
            long before = 0;
            for (int kill = 0; kill < 3; kill++) {
                CloacinaProcess process = CloacinaProcess.start(home, copy(source, target));
                awaitRows(target, kill == 2 ? all : before + 1 + random.nextInt(executions / 2));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
                process.kill();
                long after = rows(target);
                assertThat(after).isGreaterThan(before);
                before = after;
                if (after < all) {
                    assertRefused(target);
                }
            }

            CloacinaProcess.Finished finished = Cli.run(home, copy(source, target));

            // the last kill may have come when all was done
            if (finished.exitCode() != 0) {
                assertThat(finished.err()).singleElement().asString().contains("is not empty");
            }
            assertThat(rows(target)).isEqualTo(all);
            assertThat(Cli.run(home, "schema", "check", "--database", target.url())
                            .out())
                    .containsExactly("no differences");
            assertThat(Migrator.migrate(target.open())).isEmpty();
        }
    }

    private void assertRefused(TestDatabase target) {
        CloacinaProcess.Finished demo = Cli.run(home, "demo", home.toString(), "--database", target.url());

        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err()).singleElement().asString().contains("holds an unfinished copy of sqlite:");
    }

    @Test
    void what_an_engine_did_on_sqlite_when_it_was_killed_is_finished_by_one_on_postgresql() throws Exception {
        try (TestDatabase source = TestDatabase.create(Backend.SQLITE);
                TestDatabase target = TestDatabase.create(Backend.POSTGRES)) {
            Path folder = Files.createDirectory(home.resolve("files"));
            for (int i = 0; i < 20; i++) {
                Files.writeString(folder.resolve(i + ".txt"), "line\n".repeat(i));
            }
            CloacinaProcess engine =
                    CloacinaProcess.start(home, "demo", "files", "--database", source.url(), "--pause", "3000");
            engine.awaitLines(1, line -> line.matches(" {2}read +0 of 20 elements done.*"));

            CloacinaProcess.Finished whileItRuns = Cli.run(home, copy(source, target));
            engine.kill();
            CloacinaProcess.Finished copied = Cli.run(home, copy(source, target));
            while (copied.exitCode() != 0) {
                assertThat(copied.err()).singleElement().asString().contains("is in use by an engine: process ");
                TimeUnit.SECONDS.sleep(1);
                copied = Cli.run(home, copy(source, target));
            }
            CloacinaProcess.Finished finished =
                    CloacinaProcess.run(home, "demo", "files", "--database", target.url(), "--pause", "20");

            assertThat(whileItRuns.exitCode()).isEqualTo(2);
            assertThat(finished.err()).isEmpty();
            assertThat(finished.exitCode()).isZero();
            assertThat(finished.out())
                    .anyMatch(line -> line.matches("continuing execution \\S+: \\d+ of 26 tasks were finished before"));
            assertThat(statuses(target, "pipeline_executions")).containsExactly("Completed");
            assertThat(statuses(target, "task_executions")).hasSize(26).containsOnly("Completed");
            assertThat(statuses(source, "pipeline_executions")).containsExactly("Running");
        }
    }

    private static List<String> statuses(TestDatabase test, String table) throws SQLException {
        List<String> statuses = new ArrayList<>();
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT status FROM " + table)) {
            while (rows.next()) {
                statuses.add(rows.getString(1));
            }
        }
        return statuses;
    }

    @Test
    void a_file_that_is_not_there_is_not_made() {
        CloacinaProcess.Finished finished =
                Cli.run(home, "schema", "copy", "--from", "sqlite:none.db", "--to", "sqlite:new.db");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err()).containsExactly("cloacina: cannot copy sqlite:none.db: there is no such file");
        assertThat(home.resolve("none.db")).doesNotExist();
        assertThat(home.resolve("new.db")).doesNotExist();
    }

    @Test
    void a_file_is_not_copied_into_itself_by_another_name() throws Exception {
        Cli.run(home, "schema", "migrate", "--database", "sqlite:app.db");
        Files.createSymbolicLink(home.resolve("link.db"), home.resolve("app.db"));

        CloacinaProcess.Finished finished =
                Cli.run(home, "schema", "copy", "--from", "sqlite:app.db", "--to", "sqlite:link.db");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err()).singleElement().asString().contains("are the same database");
    }
}
