package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.schema.testsupport.TestDatabase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Commands on one database. */
record Cli(Path folder, TestDatabase database) {
    /** A command in words, as one types it; a word with spaces is given apart. */
    CloacinaProcess.Finished run(String command, String... more) {
        CloacinaProcess.Finished finished = start(command, more).finish();
        assertThat(finished.out()).noneMatch(line -> line.contains("\u001b") || line.contains("\t"));
        return finished;
    }

    CloacinaProcess start(String command, String... more) {
        List<String> words = Stream.of(Arrays.stream(command.split(" ", -1)), Arrays.stream(more), onDatabase())
                .flatMap(part -> part)
                .toList();
        return CloacinaProcess.start(folder, words.toArray(String[]::new));
    }

    /** A runner that has begun. */
    CloacinaProcess startRunner(String options) {
        CloacinaProcess runner = start("runner start " + options);
        while (json("runner list").isEmpty()) {
            runner.requireAlive();
        }
        return runner;
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

    /** A command that does not go well: its exit code, and its one line on stderr. */
    void refused(int code, String why, String command, String... more) {
        CloacinaProcess.Finished finished = run(command, more);
        assertThat(finished.err()).as(command).hasSizeBetween(1, 2);
        assertThat(finished.err().get(0)).startsWith("cloacina: ").contains(why);
        assertThat(finished.exitCode()).as(command).isEqualTo(code);
    }
}
