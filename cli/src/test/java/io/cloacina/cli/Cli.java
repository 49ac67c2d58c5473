package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.server.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Commands on one database, as if they were typed in a folder. They run in this process, which spares the start of a JVM for each;
 * what needs a process of its own (input, signals, a runner) is started as one.
 */
record Cli(Path folder, TestDatabase database) {
    private static final Pattern FILE = Pattern.compile("^(sqlite:)?((shop/)?[^/]+\\.(jar|key|pub|sig|java|db))$");

    /** A command in words, as one types it; a word with spaces is given apart. */
    CloacinaProcess.Finished run(String command, String... more) {
        CloacinaProcess.Finished finished = run(folder, words(command, more));
        assertThat(finished.out()).noneMatch(line -> line.contains("\u001b") || line.contains("\t"));
        return finished;
    }

    CloacinaProcess start(String command, String... more) {
        return CloacinaProcess.start(folder, words(command, more));
    }

    private String[] words(String command, String... more) {
        return Stream.of(Arrays.stream(command.split(" ", -1)), Arrays.stream(more), onDatabase())
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    /** A process cannot change its folder: names of files are made absolute on the way in, and relative on the way out. */
    static CloacinaProcess.Finished run(Path folder, String... words) {
        String prefix = folder + "/";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.execute(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Arrays.stream(words)
                        .map(word -> FILE.matcher(word).replaceFirst("$1" + Matcher.quoteReplacement(prefix) + "$2"))
                        .toArray(String[]::new));
        return new CloacinaProcess.Finished(exitCode, lines(out, prefix), lines(err, prefix));
    }

    private static List<String> lines(ByteArrayOutputStream stream, String prefix) {
        return stream.toString(StandardCharsets.UTF_8)
                .replace(prefix, "")
                .lines()
                .toList();
    }

    /** A runner that has begun. */
    CloacinaProcess startRunner(String options) {
        CloacinaProcess runner = start("runner start " + options);
        try (Connection connection = database.jdbc();
                PreparedStatement runners = connection.prepareStatement("SELECT count(*) FROM runners")) {
            while (number(runners) == 0) {
                runner.requireAlive();
                pause();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        assertThat(json("runner list")).isNotEmpty();
        return runner;
    }

    private static long number(PreparedStatement counting) throws SQLException {
        try (ResultSet rows = counting.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Between two looks at what becomes of the work of another thread or process. */
    static void pause() {
        LockSupport.parkNanos(20_000_000);
    }

    private Stream<String> onDatabase() {
        return Stream.of("--database", database.url());
    }

    /** What a command prints that goes well. */
    List<String> lines(String command, String... more) {
        CloacinaProcess.Finished finished = run(command, more);
        assertThat(finished.err()).as(command).isEmpty();
        assertThat(finished.exitCode()).as(command).isZero();
        return finished.out();
    }

    /** What a command prints with {@code --json}, whatever its exit code. */
    JsonNode json(String command, String... more) {
        String[] words = Stream.concat(Arrays.stream(more), Stream.of("--json")).toArray(String[]::new);
        return Json.stored(run(command, words).outText());
    }

    /** The codes of what {@code status} finds wrong. */
    List<String> problems() {
        return StreamSupport.stream(json("status").path("problems").spliterator(), false)
                .map(problem -> problem.path("code").asText())
                .toList();
    }

    /** Why the tasks of an execution do not run. */
    String why(UUID id) {
        return String.join("\n", lines("executions why " + id));
    }

    /** A command that does not go well: its exit code, and its one line on stderr. */
    void refused(int code, String why, String command, String... more) {
        CloacinaProcess.Finished finished = run(command, more);
        assertThat(finished.err()).as(command).hasSizeBetween(1, 2);
        assertThat(finished.err().get(0)).startsWith("cloacina: ").contains(why);
        assertThat(finished.exitCode()).as(command).isEqualTo(code);
    }
}
