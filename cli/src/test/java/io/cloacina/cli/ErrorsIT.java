package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ErrorsIT {
    @TempDir
    private Path home;

    private void assertOneLine(String expected, String... arguments) {
        assertOneLine(expected, CloacinaProcess.run(home, arguments));
    }

    private void assertOneLineHere(String expected, String... arguments) {
        assertOneLine(expected, Cli.run(home, arguments));
    }

    private static void assertOneLine(String expected, CloacinaProcess.Finished finished) {
        assertThat(finished.err()).hasSize(1);
        assertThat(finished.err().get(0)).startsWith("cloacina: ").contains(expected);
        assertThat(finished.exitCode()).isEqualTo(2);
    }

    private String databaseNamed(String name, String content) throws IOException {
        Path file = Files.writeString(home.resolve(name), content);
        return "sqlite:" + file.getFileName();
    }

    @Test
    void a_folder_that_is_not_there() {
        assertOneLine("there is no folder nowhere", "demo", "nowhere");
    }

    @Test
    void a_file_instead_of_a_folder() throws IOException {
        Files.writeString(home.resolve("file.txt"), "");

        assertOneLineHere(
                "file.txt is not a folder", "demo", home.resolve("file.txt").toString());
    }

    @Test
    void a_report_in_a_folder_that_is_not_there() {
        assertOneLineHere(
                "the report no/report.md cannot be written",
                "demo",
                home.toString(),
                "--report",
                home.resolve("no/report.md").toString());
    }

    @Test
    void a_server_that_does_not_answer() {
        assertOneLine("postgresql://127.0.0.1:1/app", "demo", "--database", "postgresql://me:secret@127.0.0.1:1/app");
        assertOneLine(
                "postgresql://127.0.0.1:1/app",
                Cli.run(home, "schema", "migrate", "--database", "postgresql://127.0.0.1:1/app"));
    }

    @Test
    void a_database_file_that_is_read_only() throws IOException {
        String url = databaseNamed("fixed.db", "");
        Files.setPosixFilePermissions(home.resolve("fixed.db"), PosixFilePermissions.fromString("r--r--r--"));

        assertOneLine("is read-only", "demo", "--database", url);
    }

    @Test
    void a_database_file_that_is_none() throws IOException {
        assertOneLine(
                "text.db",
                "demo",
                "--database",
                databaseNamed("text.db", "just a text, a rather long one\n".repeat(99)));
    }

    @Test
    void a_database_in_a_folder_that_is_not_there() {
        assertOneLine(
                "its folder does not exist",
                Cli.run(home, "schema", "migrate", "--database", "sqlite:" + home.resolve("no/app.db")));
    }

    @Test
    void a_wrong_url_is_answered_with_the_forms_that_there_are() {
        CloacinaProcess.Finished finished =
                Cli.run(home, "demo", home.toString(), "--database", "mysql://me:secret@host/app");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err())
                .singleElement()
                .asString()
                .startsWith("cloacina: 'mysql:…' is not a database URL. The forms are: sqlite:FILE, ")
                .doesNotContain("secret");
    }

    @Test
    void a_stack_trace_only_when_asked_for() {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "nowhere", "--verbose");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err().get(0)).isEqualTo("cloacina: there is no folder nowhere");
        assertThat(finished.err()).anyMatch(line -> line.startsWith("\tat io.cloacina.cli."));
    }

    @Test
    void a_wrong_command_is_answered_with_the_right_one() {
        CloacinaProcess.Finished finished = Cli.run(home, "shcema");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err().get(0)).startsWith("cloacina: ").contains("there is no command 'cloacina shcema'");
        assertThat(finished.err().get(1)).startsWith("Did you mean: cloacina schema");
    }

    @Test
    void a_wrong_option_is_answered_with_the_right_one() {
        CloacinaProcess.Finished finished = Cli.run(home, "demo", "--reprot", "x");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err()).hasSize(2).anyMatch(line -> line.contains("--report"));
    }

    @Test
    void a_negative_pause_is_refused_before_anything_is_done() {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "--pause=-1");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err().get(0)).isEqualTo("cloacina: --pause must be 0 or more, not -1");
        assertThat(home).isEmptyDirectory();
    }
}
