package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands in a process of their own whose standard output cannot be written. */
@Timeout(120)
class StandardOutputTest {
    private static final File FULL = new File("/dev/full");
    private static final String ENDED = "ended with code ";

    @TempDir
    private Path folder;

    @BeforeEach
    void make_a_database() {
        try (Database database = Database.open("sqlite:" + folder.resolve("app.db"), Migrator.STATEMENTS)) {
            Migrator.migrate(database);
        }
    }

    private record Ended(int code, List<String> err) {}

    /** Commands one after the other, whose exit codes are told among the errors; the process ends well. */
    static final class Commands {
        private Commands() {}

        public static void main(String[] lines) {
            for (String line : lines) {
                int code = Main.run(line.split(" ", -1));
                System.err.println(ENDED + code);
            }
        }
    }

    private ProcessBuilder command(String line) {
        return process(Main.class, line.split(" ", -1));
    }

    private ProcessBuilder process(Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().put("CLOACINA_DATABASE", "sqlite:app.db");
        return builder;
    }

    private Ended ended(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readAllLines(folder.resolve("err"), StandardCharsets.UTF_8));
    }

    @Test
    void output_that_goes_to_a_full_disk_is_said_and_is_no_success() throws Exception {
        assumeTrue(FULL.exists(), "skipped: there is no /dev/full here");
        Ended ended = ended(command("runner list --json").redirectOutput(FULL).start());

        assertThat(ended.err()).last().asString().startsWith("cloacina: the output could not be written: ");
        assertThat(ended.code()).isEqualTo(1);
    }

    /** They share a process, which spares the start of a JVM for each. */
    @Test
    void so_it_is_for_each_command() throws Exception {
        assumeTrue(FULL.exists(), "skipped: there is no /dev/full here");
        String[] lines = {
            "--version",
            "--help",
            "executions list --json",
            "runner list --json",
            "schedules list --json",
            "packages list --json",
            "schema tables",
            "schema ddl --backend sqlite",
            "schema check",
            "schema migrate",
            "completion",
            "demo . --database sqlite::memory:"
        };
        Ended ended = ended(process(Commands.class, lines).redirectOutput(FULL).start());

        assertThat(ended.code()).isZero();
        List<String> err = ended.err();
        for (String line : lines) {
            int end = err.indexOf(ENDED + 1);
            assertThat(end).as("%s ended with code 1: %s", line, err).isPositive();
            assertThat(err.get(end - 1)).as(line).startsWith("cloacina: the output could not be written: ");
            assertThat(err.subList(0, end)).as(line).noneMatch(said -> said.startsWith(ENDED));
            err = err.subList(end + 1, err.size());
        }
        assertThat(err).isEmpty();
    }

    @Test
    void a_command_that_fails_anyway_keeps_its_exit_code() throws Exception {
        assumeTrue(FULL.exists(), "skipped: there is no /dev/full here");

        Ended ended = ended(command("executions show 01234567-89ab-7def-8123-456789abcdef")
                .redirectOutput(FULL)
                .start());

        assertThat(ended.code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void a_reader_that_has_read_enough_is_no_error() throws Exception {
        Process process = command("schema ddl --backend sqlite").start();
        process.getInputStream().close();

        Ended ended = ended(process);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
    }
}
