package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DemoCrashIT {
    @TempDir
    private Path home;

    @BeforeEach
    void makeFolders() throws IOException {
        for (String folder : new String[] {"one", "other"}) {
            Files.createDirectory(home.resolve(folder));
            for (int i = 0; i < 20; i++) {
                Files.writeString(home.resolve(folder).resolve(folder + i + ".txt"), "line\n".repeat(i));
            }
        }
    }

    /** A task as the database has it. */
    private record Stored(String status, int attempt, String completedAt) {}

    private static Map<String, Stored> tasks(TestDatabase database) throws SQLException {
        try (Connection connection = database.jdbc()) {
            return tasks(connection);
        }
    }

    /** The tasks of all executions, by execution and name. */
    private static Map<String, Stored> tasks(Connection connection) throws SQLException {
        Map<String, Stored> tasks = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT pipeline_execution_id, task_name, status, attempt, completed_at FROM task_executions")) {
            while (rows.next()) {
                String completedAt = String.valueOf(rows.getString(5));
                tasks.put(
                        Arrays.hashCode(rows.getBytes(1)) + " " + rows.getString(2),
                        new Stored(rows.getString(3), rows.getInt(4), completedAt));
            }
        }
        return tasks;
    }

    private static Map<String, Stored> completed(Map<String, Stored> tasks) {
        Map<String, Stored> completed = new LinkedHashMap<>(tasks);
        completed.values().removeIf(task -> !task.status().equals("Completed"));
        return completed;
    }

    private void killInTheMiddle(TestDatabase database, String folder) throws SQLException {
        CloacinaProcess process =
                CloacinaProcess.start(home, "demo", folder, "--database", database.url(), "--pause", "400");
        process.awaitLines(1, line -> line.matches(" {2}scan +done in .*"));
        try (Connection connection = database.jdbc()) {
            while (completed(tasks(connection)).size() < 3) {
                process.requireAlive();
                Cli.pause();
            }
        }
        process.kill();
    }

    /** The command as it was before the kill, within this process: only what is killed must be another one. */
    private CloacinaProcess.Finished demo(String folder, TestDatabase database) {
        return Cli.run(
                home,
                "demo",
                home.resolve(folder).toString(),
                "--database",
                database.url(),
                "--pause",
                "20",
                "--report",
                home.resolve("cloacina-report.md").toString());
    }

    @DatabaseTest
    void after_a_kill_the_same_command_continues_and_runs_no_finished_task_again(TestDatabase database)
            throws Exception {
        killInTheMiddle(database, "one");
        Map<String, Stored> before = completed(tasks(database));
        assertThat(before)
                .hasSizeBetween(3, 25)
                .allSatisfy((name, task) -> assertThat(task.attempt()).isEqualTo(1));

        CloacinaProcess.Finished finished = demo("one", database);

        assertThat(finished.err()).isEmpty();
        assertThat(finished.exitCode()).isZero();
        assertThat(finished.out())
                .anyMatch(line -> line.matches(
                        "continuing execution \\S+: " + before.size() + " of 26 tasks were finished before"));
        assertThat(finished.out().stream().filter(line -> line.contains(" done in ")))
                .hasSize(5)
                .noneMatch(line -> line.contains("scan"));
        assertThat(completed(tasks(database))).hasSize(26).containsAllEntriesOf(before);
        assertThat(Files.readString(home.resolve("cloacina-report.md")))
                .contains("20 files, 950 B, 190 lines of text.");
    }

    @DatabaseTest
    void an_unfinished_execution_of_another_folder_is_another(TestDatabase database) throws Exception {
        killInTheMiddle(database, "one");
        Files.delete(home.resolve("other/other19.txt"));

        CloacinaProcess.Finished other = demo("other", database);

        assertThat(other.exitCode()).isZero();
        assertThat(other.out()).anyMatch(line -> line.startsWith("new execution "));
        assertThat(Files.readString(home.resolve("cloacina-report.md")))
                .contains("19 files, 855 B")
                .contains("`other18.txt`")
                .doesNotContain("`one");

        CloacinaProcess.Finished one = demo("one", database);

        assertThat(one.exitCode()).isZero();
        assertThat(Files.readString(home.resolve("cloacina-report.md")))
                .contains("20 files, 950 B")
                .contains("`one18.txt`")
                .doesNotContain("`other");
    }
}
