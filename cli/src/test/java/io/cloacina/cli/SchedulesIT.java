package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SchedulesIT {
    @TempDir
    private Path home;

    @DatabaseTest
    void schedules_are_put_shown_switched_and_deleted(TestDatabase database) {
        Cli cli = new Cli(home, database);
        SamplePackage.in(home, "1.0.0");
        database.migrated().close();
        assertThat(cli.run("schedules list").err()).containsExactly("no schedules");

        JsonNode put = cli.json(
                "schedules put nightly --jar payments.jar --workflow payment --zone Europe/Berlin --catch-up all"
                        + " --catch-up-limit 3 --catch-up-age 2d --until 2126-01-01T00:00Z --cron",
                "0 2 * * *",
                "--input",
                "{\"amount\": 1.10}");
        assertThat(put.path("zone").asText()).isEqualTo("Europe/Berlin");
        assertThat(put.path("catch_up").toString())
                .isEqualTo("{\"policy\":\"run_all\",\"at_most\":3,\"max_age\":\"PT48H\"}");
        assertThat(put.path("input").toString()).isEqualTo("{\"amount\":1.10}");
        assertThat(put.path("end_at").asText()).isEqualTo("2126-01-01T00:00:00Z");

        assertThat(cli.lines("schedules list")).hasSize(2).last().asString().contains("0 2 * * *", "Europe/Berlin");
        assertThat(cli.lines("schedules show nightly"))
                .contains(
                        "Schedule nightly",
                        "  cron      0 2 * * * in Europe/Berlin",
                        "  missed    a run for each time that was missed in the last 2 d, at most the latest 3");
        assertThat(cli.lines("schedules next nightly -n 3")).hasSize(3);
        assertThat(cli.json("schedules next nightly -n 2")).hasSize(2);
        assertThat(cli.json("schedules statistics nightly").path("occurrences").asInt())
                .isZero();
        assertThat(cli.run("schedules history nightly").err()).containsExactly("it has not fired yet");
        assertThat(cli.lines("schedules disable nightly")).containsExactly("disabled schedule nightly");
        assertThat(cli.run("schedules next nightly").err()).containsExactly("it is disabled");
        assertThat(cli.lines("schedules enable nightly").get(0)).startsWith("enabled schedule nightly; next: ");
        cli.refused(3, "did you mean 'nightly'?", "schedules delete nightli");
        assertThat(cli.lines("schedules delete nightly")).containsExactly("deleted schedule nightly");
        assertThat(cli.json("schedules list")).isEmpty();
    }

    @DatabaseTest
    void a_schedule_fires_in_a_runner_and_has_a_history(TestDatabase database) {
        Cli cli = new Cli(home, database);
        SamplePackage.in(home, "1.0.0");
        database.migrated().close();
        try (CloacinaProcess runner = cli.startRunner("--jar payments.jar --json")) {

            cli.lines("schedules put often --jar payments.jar --workflow payment --cron", "* * * * * *");
            runner.awaitLines(1, line -> line.contains("\"event\":\"execution_ended\""));

            JsonNode history = cli.json("schedules history often");
            JsonNode statistics = cli.json("schedules statistics often");
            runner.stop();

            assertThat(history).isNotEmpty();
            assertThat(history.get(history.size() - 1).path("status").asText()).isEqualTo("Completed");
            assertThat(statistics.path("completed").asInt()).isPositive();
            assertThat(cli.lines("schedules history often -n 1").get(0)).matches("Scheduled +Late  Status +Execution");
        }
    }

    @DatabaseTest
    void a_schedule_is_fired_by_hand(TestDatabase database) {
        Cli cli = new Cli(home, database);
        WorkflowDefinition report =
                WorkflowDefinition.named("report").task("write", context -> {}).build();
        try (Engine engine = Engine.builder(database.url()).workflow(report).start()) {
            engine.schedules().put(Schedule.of("yearly", "report").cron("0 0 1 1 *"));
            engine.schedules().disable("yearly");

            UUID id = UUID.fromString(cli.lines("schedules fire yearly").get(0));

            assertThat(engine.await(id).status().label()).isEqualTo("Completed");
            assertThat(cli.json("schedules history yearly")
                            .get(0)
                            .path("execution")
                            .asText())
                    .isEqualTo(id.toString());
            assertThat(cli.lines("schedules fire --json yearly").toString()).contains("\"workflow\"");
            cli.refused(3, "did you mean 'yearly'?", "schedules fire yarly");
        }
    }

    @DatabaseTest
    void what_cannot_be_a_schedule_is_said_in_a_line(TestDatabase database) {
        Cli cli = new Cli(home, database);
        SamplePackage.in(home, "1.0.0");
        database.migrated().close();
        String put = "schedules put nightly --jar payments.jar --workflow payment ";

        cli.refused(
                3, "did you mean 'payment'?", "schedules put x --jar payments.jar --workflow pament --cron", "@daily");
        cli.refused(2, "61", put + "--cron", "61 * * * *");
        cli.refused(2, "Europe/Berlni", put + "--zone Europe/Berlni --cron", "0 2 * * *");
        cli.refused(2, "'never' is not one of skip, once, all", put + "--catch-up never --cron", "0 2 * * *");
        cli.refused(2, "is not a time, such as 2026-03-01", put + "--from tomorrow --cron", "0 2 * * *");
        cli.refused(3, "there is no schedule 'nightly', nor any other", "schedules show nightly");
    }
}
