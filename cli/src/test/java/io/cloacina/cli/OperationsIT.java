package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that do the same to all executions that a search finds. */
@Timeout(120)
class OperationsIT {
    @TempDir
    private Path home;

    private static Engine runner(TestDatabase database) {
        return Engine.builder(database.url())
                .workflow(WorkflowDefinition.named("order")
                        .version("1")
                        .task("ask", context -> {}, task -> task.signal("answer"))
                        .build())
                .lease(Duration.ofHours(1))
                .start();
    }

    private static List<UUID> submit(Engine engine, int number, String customer) {
        List<Submission> all = IntStream.range(0, number)
                .mapToObj(i -> Submission.of("order").label("customer", customer))
                .toList();
        return new ArrayList<>(engine.submitAll(all));
    }

    @DatabaseTest
    void a_search_is_counted_first_and_done_only_with_yes(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = runner(database)) {
            List<UUID> ada = submit(engine, 7, "ada");
            List<UUID> bob = submit(engine, 2, "bob");
            engine.cancel(ada.get(0));

            CloacinaProcess.Finished preview = cli.run("executions cancel --label customer=ada");
            assertThat(preview.exitCode()).isEqualTo(2);
            assertThat(preview.out().get(0)).startsWith("cancel: 6 executions (");
            assertThat(preview.out().get(1)).isEqualTo("  skipped for their state: 1 (cancelled 1)");
            assertThat(preview.out()).hasSize(8).last().isEqualTo("  …");
            assertThat(preview.err()).containsExactly("nothing was changed: add --yes to apply it");
            assertThat(cli.json("operations list")).isEmpty();
            assertThat(cli.json("executions cancel --label customer=ada")
                            .path("matching")
                            .asInt())
                    .isEqualTo(7);

            CloacinaProcess.Finished done = cli.run("executions cancel --label customer=ada --yes --wait");
            assertThat(done.exitCode()).as(done.outText()).isZero();
            assertThat(done.outText()).contains("completed", "label customer=ada", "6 of 7 that matched at first");
            assertThat(cli.json("executions list --status cancelled")).hasSize(7);
            assertThat(engine.find(bob.get(0)).orElseThrow().isFinished()).isFalse();

            JsonNode listed = cli.json("operations list");
            assertThat(listed).hasSize(1);
            String id = listed.get(0).path("id").asText();
            assertThat(listed.get(0).path("state").asText()).isEqualTo("Completed");
            assertThat(cli.lines("operations list"))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains(id, "cancel");
            assertThat(cli.lines("operations show " + id.substring(id.length() - 8)))
                    .anyMatch(line -> line.startsWith("  skipped   1: execution "))
                    .anyMatch(line -> line.contains("by command line"));
            assertThat(cli.json("operations show " + id).path("done").asInt()).isEqualTo(6);
            assertThat(cli.lines("operations stop " + id).get(0)).endsWith(" completed");

            assertThat(cli.lines("executions delete --status cancelled --yes --wait"))
                    .anyMatch(line -> line.startsWith("  done      7 of 7"));
            assertThat(cli.json("executions list")).hasSize(2);
            cli.lines("executions cancel " + bob.get(0));
            assertThat(cli.lines("executions delete " + bob.get(0))).containsExactly("deleted execution " + bob.get(0));
            assertThat(cli.run("executions cancel --label customer=nobody").out())
                    .containsExactly("cancel: 0 executions");
        }
    }

    @DatabaseTest
    void what_nobody_runs_waits_and_can_be_stopped(TestDatabase database) {
        Cli cli = new Cli(home, database);
        List<UUID> orders;
        try (Engine engine = runner(database)) {
            orders = submit(engine, 2, "ada");
        }
        CloacinaProcess.Finished started = cli.run("executions pause --all --reason", "closed", "--yes");
        assertThat(started.exitCode()).isZero();
        assertThat(started.err())
                .containsExactly("no runner is alive; the operation is stored and begins when one starts");
        String id = cli.json("operations list").get(0).path("id").asText();
        assertThat(cli.lines("operations show " + id)).contains("  action    pause (\"closed\")", "  which     all");
        assertThat(cli.lines("operations stop " + id).get(0)).endsWith(" stopped");
        try (Engine engine = runner(database)) {
            assertThat(engine.find(orders.get(0)).orElseThrow().pauseReason()).isNull();
        }
    }

    @DatabaseTest
    void what_is_not_clear_is_refused_and_nothing_is_done(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = runner(database)) {
            UUID id = submit(engine, 1, "ada").get(0);
            cli.refused(2, "missing: the ids of executions, or conditions", "executions cancel");
            cli.refused(2, "either ids or a search can be given, not both", "executions cancel " + id + " --all");
            cli.refused(2, "--all cannot be combined with a condition", "executions pause --all --workflow order");
            cli.refused(2, "--yes and --wait are for a search", "executions resume " + id + " --yes");
            cli.refused(2, "--input is for one execution", "executions restart --all --input", "{}");
            cli.refused(3, "there is no operation 'abcdef'", "operations show abcdef");
            cli.refused(2, "is not a label", "executions delete --yes --label", "customer");
            assertThat(cli.json("operations list")).isEmpty();
            assertThat(engine.find(id).orElseThrow().isFinished()).isFalse();
        }
    }
}
