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
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, arguments);

        assertThat(finished.err()).hasSize(1);
        assertThat(finished.err().get(0)).startsWith("cloacina: ").contains(expected);
        assertThat(finished.exitCode()).isEqualTo(2);
    }

    private String databaseNamed(String name, String content) throws IOException {
        Path file = Files.writeString(home.resolve(name), content);
        return "sqlite:" + file.getFileName();
    }

    @Test
    void aFolderThatIsNotThere() {
        assertOneLine("there is no folder nowhere", "demo", "nowhere");
    }

    @Test
    void aFileInsteadOfAFolder() throws IOException {
        Files.writeString(home.resolve("file.txt"), "");

        assertOneLine("file.txt is not a folder", "demo", "file.txt");
    }

    @Test
    void aReportInAFolderThatIsNotThere() {
        assertOneLine("the report no/report.md cannot be written", "demo", "--report", "no/report.md");
    }

    @Test
    void aServerThatDoesNotAnswer() {
        assertOneLine("postgresql://127.0.0.1:1/app", "demo", "--database", "postgresql://me:secret@127.0.0.1:1/app");
        assertOneLine(
                "postgresql://127.0.0.1:1/app", "schema", "migrate", "--database", "postgresql://127.0.0.1:1/app");
    }

    @Test
    void aDatabaseFileThatIsReadOnly() throws IOException {
        String url = databaseNamed("fixed.db", "");
        Files.setPosixFilePermissions(home.resolve("fixed.db"), PosixFilePermissions.fromString("r--r--r--"));

        assertOneLine("is read-only", "demo", "--database", url);
    }

    @Test
    void aDatabaseFileThatIsNone() throws IOException {
        assertOneLine(
                "text.db",
                "demo",
                "--database",
                databaseNamed("text.db", "just a text, a rather long one\n".repeat(99)));
    }

    @Test
    void aDatabaseInAFolderThatIsNotThere() {
        assertOneLine("its folder does not exist", "schema", "migrate", "--database", "sqlite:no/app.db");
    }

    @Test
    void aWrongUrlIsAnsweredWithTheFormsThatThereAre() {
        CloacinaProcess.Finished finished =
                CloacinaProcess.run(home, "demo", "--database", "mysql://me:secret@host/app");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err())
                .singleElement()
                .asString()
                .startsWith("cloacina: 'mysql:…' is not a database URL. The forms are: sqlite:FILE, ")
                .doesNotContain("secret");
    }

    @Test
    void aStackTraceOnlyWhenAskedFor() {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "nowhere", "--verbose");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err().get(0)).isEqualTo("cloacina: there is no folder nowhere");
        assertThat(finished.err()).anyMatch(line -> line.startsWith("\tat io.cloacina.cli."));
    }

    @Test
    void aWrongCommandIsAnsweredWithTheRightOne() {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "shcema");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err().get(0)).startsWith("cloacina: ").contains("there is no command 'cloacina shcema'");
        assertThat(finished.err().get(1)).startsWith("Did you mean: cloacina schema");
    }

    @Test
    void aWrongOptionIsAnsweredWithTheRightOne() {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "--reprot", "x");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err()).hasSize(2).anyMatch(line -> line.contains("--report"));
    }

    @Test
    void aNegativePauseIsRefusedBeforeAnythingIsDone() {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "--pause=-1");

        assertThat(finished.exitCode()).isEqualTo(2);
        assertThat(finished.err().get(0)).isEqualTo("cloacina: --pause is 0 or more, not -1");
        assertThat(home).isEmptyDirectory();
    }
}
