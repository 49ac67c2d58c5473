package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RunIT {
    @TempDir
    private Path home;

    @BeforeEach
    void makePackage() {
        SamplePackage.in(home, "1.0.0");
    }

    @DatabaseTest
    void a_runner_works_until_it_is_stopped_and_says_what_it_did(TestDatabase database) {
        Cli cli = new Cli(home, database);
        database.migrated().close();
        try (CloacinaProcess runner = cli.startRunner("--jar payments.jar -v --slots 4")) {

            List<String> watched = cli.lines("run payment --jar payments.jar --watch");
            JsonNode failed = cli.json("run payment --jar payments.jar --wait --input", "{\"fail\": true}");
            CloacinaProcess.Finished late =
                    cli.run("run payment --jar payments.jar --watch --timeout 200ms --input", "{\"millis\": 60000}");
            String slow = late.out().get(late.out().size() - 1).split(" ", -1)[1];
            JsonNode runners = cli.json("runner list");
            List<String> listed = cli.lines("runner list");
            cli.lines("executions cancel", slow);
            runner.awaitLines(2, line -> line.matches(".* (Completed|Failed) .*"));
            CloacinaProcess.Finished stopped = runner.stop();

            assertThat(watched)
                    .anyMatch(line -> line.matches(" {2}tell +done in .* s"))
                    .last()
                    .asString()
                    .matches("execution \\S+ completed in .* s");
            assertThat(failed.path("status").asText()).isEqualTo("Failed");
            assertThat(failed.path("tasks").findValuesAsText("name"))
                    .containsExactly("charge", "book", "print", "tell");
            assertThat(failed.path("context").path("charged").asBoolean()).isTrue();
            assertThat(late.exitCode()).isEqualTo(6);
            assertThat(late.out()).last().asString().matches(".* not finished: (Pending|Running)");
            assertThat(runners.get(0).path("workflows").get(0).asText()).startsWith("payment@");
            assertThat(listed).hasSize(2).last().asString().contains("payment@");
            assertThat(stopped.exitCode()).isEqualTo(143);
            assertThat(stopped.err())
                    .anyMatch(line -> line.matches("running in process \\d+: payment"))
                    .contains(
                            "stopping: tasks have 10.0 s to end",
                            "stopped; unfinished executions continue with the next runner");
            assertThat(stopped.out())
                    .anyMatch(line -> line.matches("\\S+ \\S+ {2}Completed  \\S+  payment"))
                    .anyMatch(line -> line.matches("\\S+ \\S+ {2}Failed     \\S+  payment"))
                    .anyMatch(
                            line -> line.matches("\\S+ \\S+ {2}failed     \\S+  payment/book: the account is closed"));
        }
    }

    @DatabaseTest
    void the_exit_code_says_how_it_ended(TestDatabase database) {
        Cli cli = new Cli(home, database);
        database.migrated().close();
        try (CloacinaProcess runner = cli.startRunner("--jar payments.jar --json")) {

            CloacinaProcess.Finished failed =
                    cli.run("run payment --jar payments.jar --wait --input", "{\"fail\": true}");
            CloacinaProcess waiting = cli.start("run payment --jar payments.jar --wait --key one --delay 1h");
            String id = "";
            while (id.isEmpty()) {
                Cli.pause();
                id = cli.json("executions list --status pending")
                        .path(0)
                        .path("id")
                        .asText();
            }
            List<String> again = cli.lines("run payment --jar payments.jar --key one");
            cli.lines("executions cancel", id.substring(24));
            CloacinaProcess.Finished cancelled = waiting.finish();
            runner.awaitLines(1, line -> line.contains("\"status\":\"Failed\""));
            runner.stop();

            assertThat(failed.exitCode()).isEqualTo(1);
            assertThat(failed.out()).last().isEqualTo("  book: the account is closed");
            assertThat(again).containsExactly(id);
            assertThat(cancelled.exitCode()).isEqualTo(5);
        }
    }

    @DatabaseTest
    void what_cannot_be_submitted_is_said_in_a_line(TestDatabase database) {
        Cli cli = new Cli(home, database);
        cli.refused(2, "", "run payment --jar payments.jar");
        database.migrated().close();

        cli.refused(3, "did you mean 'payment'?", "run paymnet --jar payments.jar");
        cli.refused(3, "no runner has stored workflow 'payment' here, nor any other", "run payment");
        cli.refused(2, "there is no file none.jar", "run payment --jar none.jar");
        cli.refused(4, "is refused: it is not a jar", "run payment --jar shop/Payment.java");
        cli.refused(2, "--input is not JSON: ", "run payment --jar payments.jar --input", "{\"a\":}");
        cli.refused(2, "--input must be a JSON object", "run payment --jar payments.jar --input [1]");
        cli.refused(
                2,
                "is not a duration of up to 100 years, such as 500ms",
                "run payment --jar payments.jar --delay soon");
        cli.refused(2, "is not a duration of up to 100 years", "run payment --jar payments.jar --deadline soon");
        cli.refused(2, "a deadline must be more than zero, but is 0 s", "run payment --jar payments.jar --deadline 0s");
        cli.refused(
                2,
                "--deadline cannot be combined with --deadline-at",
                "run payment --jar payments.jar --deadline 1h --deadline-at 2026-03-01");
        cli.refused(
                2,
                "--delay cannot be combined with --start-at",
                "run payment --jar payments.jar --delay 1h --start-at 2026-03-01");
        cli.refused(2, "--timeout needs --wait or --watch", "run payment --jar payments.jar --timeout 5s");
        cli.refused(2, "there is nothing to run", "runner start");
        assertThat(cli.json("executions list")).isEmpty();
    }

    @DatabaseTest
    void a_start_and_a_deadline_are_durations_or_times(TestDatabase database) {
        Cli cli = new Cli(home, database);
        database.migrated().close();

        JsonNode later = cli.json("run payment --jar payments.jar --delay 1h --deadline 1h30m");
        JsonNode at = cli.json("run payment --jar payments.jar --start-at 2126-03-01T17:05Z"
                + " --deadline-at 2126-03-01T19:05+01:00");

        assertThat(Instant.parse(later.path("deadline_at").asText()))
                .isEqualTo(Instant.parse(later.path("start_after").asText()).plusSeconds(5_400));
        assertThat(Instant.parse(at.path("start_after").asText())).isEqualTo(Instant.parse("2126-03-01T17:05:00Z"));
        assertThat(Instant.parse(at.path("deadline_at").asText())).isEqualTo(Instant.parse("2126-03-01T18:05:00Z"));
    }

    @DatabaseTest
    void input_comes_from_a_file_or_from_stdin_and_keeps_its_digits(TestDatabase database) {
        Cli cli = new Cli(home, database);
        database.migrated().close();

        CloacinaProcess.Finished submitted = cli.start("run payment --jar payments.jar --priority=-5 --input @-")
                .input("{\"amount\": 1.10}")
                .finish();
        assertThat(submitted.exitCode()).isZero();
        JsonNode shown = cli.json("executions show", submitted.out().get(0));
        CloacinaProcess.Finished alone = cli.run("run payment --jar payments.jar --wait --timeout 100ms");

        assertThat(shown.path("priority").asInt()).isEqualTo(-5);
        assertThat(shown.path("context").toString()).isEqualTo("{\"amount\":1.10}");
        assertThat(alone.exitCode()).isEqualTo(6);
        assertThat(alone.err()).singleElement().asString().startsWith("no runner is alive; the execution is stored");
    }
}
