package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ExecutionsIT {
    private static final WorkflowDefinition INVOICE = WorkflowDefinition.named("invoice")
            .task("add", context -> context.put("net", 42))
            .task("print", context -> {}, task -> task.after("add"))
            .task(
                    "send",
                    context -> {
                        if (context.find("fail", Boolean.class).orElse(false)) {
                            throw new IllegalStateException("no such address");
                        }
                    },
                    task -> task.after("add"))
            .build();

    private static final WorkflowDefinition APPROVAL = WorkflowDefinition.named("approval")
            .task("ask", context -> {})
            .task(
                    "decide",
                    context -> {},
                    task -> task.after("ask").signal("answer").within(Duration.ofHours(1)))
            .build();

    private static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .task("ship", context -> {
                throw new IllegalStateException("no truck");
            })
            .task(
                    "refund",
                    context -> {},
                    task -> task.after("ship").when(TriggerRule.all(TriggerCondition.taskFailed("ship"))))
            .build();

    @TempDir
    private Path home;

    private static Engine engine(TestDatabase database) {
        return Engine.builder(database.url())
                .workflow(INVOICE)
                .workflow(APPROVAL)
                .workflow(ORDER)
                .start();
    }

    private static String end(UUID id) {
        return id.toString().substring(24);
    }

    @DatabaseTest
    void executions_are_listed_by_workflow_and_state_a_page_at_a_time(TestDatabase database) {
        Cli cli = new Cli(home, database);
        UUID done;
        UUID failed;
        try (Engine engine = engine(database)) {
            done = engine.submit("invoice", Map.of());
            failed = engine.submit("invoice", Map.of("fail", true));
            engine.await(done);
            engine.await(failed);
        }

        List<String> all = cli.lines("executions list");
        JsonNode first = cli.json("executions list --limit 1");
        JsonNode second = cli.json("executions list --limit 1 --before", end(failed));
        CloacinaProcess.Finished none = cli.run("executions list --workflow invoice --status paused");

        assertThat(all).hasSize(3);
        assertThat(all.get(0)).matches("Id +Status +Took +Submitted +Workflow +Why");
        assertThat(all.get(1)).matches(failed + "  Failed     +\\S+ s  \\S+ \\S+  invoice +send: no such address");
        assertThat(all.get(2)).matches(done + "  Completed  +\\S+ s  \\S+ \\S+  invoice");
        assertThat(first.findValuesAsText("id")).containsExactly(failed.toString());
        assertThat(second.findValuesAsText("id")).containsExactly(done.toString());
        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).containsExactly("no executions");
        cli.refused(3, "there is no workflow 'invocie'; did you mean 'invoice'?", "executions list --workflow invocie");
        cli.refused(2, "'done' is not one of pending, running, completed", "executions list --status done");
    }

    @DatabaseTest
    void a_search_that_finds_nothing_says_which_names_nothing_has(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = engine(database)) {
            engine.await(engine.submit("invoice", Map.of()));
            engine.schedules().put(Schedule.of("nightly", "invoice").cron("0 2 * * *"));
        }
        String version = INVOICE.version();

        assertThat(remarks(cli, "executions list --schedule nigthly"))
                .containsExactly("no executions", "there is no schedule 'nigthly'; did you mean 'nightly'?");
        assertThat(remarks(cli, "executions list --schedule nightly")).containsExactly("no executions");
        assertThat(remarks(cli, "executions list --task sent:failed"))
                .containsExactly("no executions", "there is no task 'sent'; did you mean 'send'?");
        assertThat(remarks(cli, "executions list --task send:failed")).containsExactly("no executions");
        assertThat(remarks(cli, "executions list --task send[3]:failed"))
                .as("the run for an element")
                .containsExactly("no executions");
        assertThat(remarks(cli, "executions list --workflow invoice --version other:9"))
                .containsExactly("no executions", "there is no version 'other:9'; there are: " + version);
        assertThat(remarks(cli, "executions list --schedule nigthly --json"))
                .containsExactly("there is no schedule 'nigthly'; did you mean 'nightly'?");
        assertThat(remarks(cli, "executions cancel --workflow invocie"))
                .containsExactly("there is no workflow 'invocie'; did you mean 'invoice'?");
        assertThat(remarks(cli, "executions cancel --workflow invoice")).isEmpty();
    }

    private static List<String> remarks(Cli cli, String command) {
        CloacinaProcess.Finished finished = cli.run(command);
        assertThat(finished.exitCode()).as(command).isZero();
        return finished.err();
    }

    @DatabaseTest
    void executions_are_found_by_label_key_error_task_and_time(TestDatabase database) {
        Cli cli = new Cli(home, database);
        UUID done;
        UUID failed;
        try (Engine engine = engine(database)) {
            done = engine.submit(Submission.of("invoice").idempotencyKey("4711").label("customer", "ada"));
            failed = engine.submit(Submission.of("invoice")
                    .input(Map.of("fail", true))
                    .label("customer", "ada")
                    .label("region", "north"));
            engine.await(done);
            engine.await(failed);
        }

        assertThat(found(cli, "--label customer=ada")).containsExactly(failed, done);
        assertThat(found(cli, "--label customer=ada --label region=north --since 1h"))
                .containsExactly(failed);
        assertThat(found(cli, "--key 4711")).containsExactly(done);
        assertThat(found(cli, "--error address --status failed,cancelled")).containsExactly(failed);
        assertThat(found(cli, "--task send:failed")).containsExactly(failed);
        assertThat(found(cli, "--task send:failed --version other")).isEmpty();
        assertThat(found(cli, "--task send")).containsExactly(failed, done);
        assertThat(found(cli, "--until 1h")).isEmpty();
        assertThat(found(cli, "--schedule nightly")).isEmpty();
        assertThat(found(cli, "--parent " + done)).isEmpty();
        assertThat(cli.lines("executions show", end(failed)))
                .anyMatch(line -> line.matches(" {2}labels {5}customer=ada, region=north"));
        assertThat(cli.json("executions show", end(failed))
                        .path("labels")
                        .path("region")
                        .asText())
                .isEqualTo("north");
        cli.refused(2, "'customer' is not a label, such as customer=ada", "executions list --label customer");
        cli.refused(2, "'lost' is not one of notstarted, ready", "executions list --task send:lost");
        cli.refused(2, "'soon' is not a time", "executions list --since soon");
    }

    @DatabaseTest
    void failures_are_counted_by_error(TestDatabase database) {
        Cli cli = new Cli(home, database);
        UUID newest;
        try (Engine engine = engine(database)) {
            engine.await(engine.submit("invoice", Map.of("fail", true)));
            newest = engine.submit("invoice", Map.of("fail", true));
            engine.await(newest);
        }

        assertThat(cli.lines("executions failures"))
                .satisfiesExactly(
                        head -> assertThat(head).matches("Count +Id +Last +Task +Error +Workflow"),
                        line -> assertThat(line).matches(" +2  " + newest + " +\\S+ +send +no such address +invoice"));
        JsonNode json = cli.json("executions failures --since 1h");
        assertThat(json).hasSize(1);
        assertThat(json.get(0).path("executions").asInt()).isEqualTo(2);
        assertThat(json.get(0).path("error").asText()).endsWith("Exception: no such address");
        assertThat(json.get(0).path("tasks").get(0).asText()).isEqualTo("send");
        assertThat(cli.run("executions failures --since 2100-01-01").err()).containsExactly("no failures");
    }

    private static List<UUID> found(Cli cli, String options) {
        return cli.json("executions list " + options).findValuesAsText("id").stream()
                .map(UUID::fromString)
                .toList();
    }

    @DatabaseTest
    void an_execution_is_drawn_told_as_json_as_mermaid_and_as_bars(TestDatabase database) {
        Cli cli = new Cli(home, database);
        UUID failed;
        try (Engine engine = engine(database)) {
            failed = engine.submit("invoice", Map.of("fail", true));
            engine.await(failed);
        }

        List<String> drawn = cli.lines("executions show", end(failed));
        JsonNode json = cli.json("executions show", failed.toString());

        assertThat(drawn.get(0)).isEqualTo("Execution " + failed);
        assertThat(drawn)
                .anyMatch(line -> line.matches(" {2}status {5}Failed in .* s"))
                .anyMatch(line -> line.matches(" {2}●─┐ {2}add +Completed +\\S+ s"))
                .anyMatch(line -> line.matches(" {2}● │ {2}print +Completed +\\S+ s"))
                .anyMatch(line -> line.matches(" {4}✗ {2}send +Failed +\\S+ s +no such address"));
        assertThat(json.path("tasks").get(2).path("dependencies").get(0).asText())
                .isEqualTo("add");
        assertThat(json.path("started_at").asText()).endsWith("Z");
        assertThat(json.path("context").path("net").asInt()).isEqualTo(42);
        assertThat(cli.lines("executions show --mermaid", end(failed))).contains("flowchart TD", "    t0 --> t2");
        assertThat(cli.lines("executions show --timeline", end(failed)))
                .anyMatch(line -> line.matches(" {2}send +█*✗ +\\S+ s"));
        assertThat(cli.lines("executions show --context", end(failed))).contains("  \"net\" : 42");
        assertThat(cli.run("executions show --watch", end(failed)).exitCode()).isEqualTo(1);
    }

    @DatabaseTest
    void executions_are_paused_resumed_signalled_cancelled_and_begun_again(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = engine(database)) {
            UUID approval = engine.submit("approval", Map.of());
            UUID other = engine.submit("approval", Map.of());
            UUID failed = engine.submit("invoice", Map.of("fail", true));
            engine.await(failed);

            assertThat(cli.lines("executions pause --reason lunch", end(approval)))
                    .containsExactly("paused execution " + approval);
            assertThat(engine.find(approval).orElseThrow().pauseReason()).isEqualTo("lunch");
            assertThat(cli.json("executions resume", end(approval))
                            .get(0)
                            .path("status")
                            .asText())
                    .isIn("Running", "Pending");
            assertThat(cli.lines("executions signal --value true --key k", end(approval), "answer"))
                    .containsExactly("sent 'answer' to execution " + approval);
            assertThat(engine.await(approval).status().label()).isEqualTo("Completed");
            assertThat(cli.lines("executions retry", end(failed))).containsExactly("retried execution " + failed);
            engine.await(failed);

            while (engine.tasks(other).stream().noneMatch(task -> task.status() == TaskStatus.WAITING)) {
                LockSupport.parkNanos(10_000_000);
            }
            cli.refused(3, "Did you mean 'answer'?", "executions signal", end(other), "anwser");

            CloacinaProcess.Finished some = cli.run("executions cancel", end(approval), end(other));
            assertThat(some.exitCode()).isEqualTo(4);
            assertThat(some.out()).containsExactly("cancelled execution " + other);
            assertThat(some.err())
                    .singleElement()
                    .asString()
                    .contains(approval + " of workflow 'approval' is Completed");
            cli.refused(4, "it has ended", "executions resume", end(other));
            cli.refused(4, "cannot be", "executions retry", end(other));
            cli.refused(4, "cannot be", "executions signal", end(other), "answer");
        }
    }

    @DatabaseTest
    void a_refunded_order_is_retried_only_when_that_is_asked_for(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = engine(database)) {
            UUID order = engine.submit("order", Map.of());
            engine.await(order);

            cli.refused(4, "task 'refund' ran after the failure of task 'ship'", "executions retry", end(order));
            assertThat(cli.lines("executions retry --even-after-compensation", end(order)))
                    .containsExactly("retried execution " + order);
            engine.await(order);

            assertThat(engine.tasks(order).get(0).attempt()).isEqualTo(2);
            assertThat(engine.tasks(order).get(1).attempt()).isEqualTo(1);
            assertThat(cli.lines("executions show --attempts --errors", end(order)))
                    .contains("Attempts:", "Errors:")
                    .anyMatch(line -> line.startsWith("  ship, attempt 1: Failed after "))
                    .anyMatch(line ->
                            line.contains(", pid " + ProcessHandle.current().pid()))
                    .anyMatch(line -> line.startsWith("        at "));
            assertThat(cli.json("executions show " + order).path("attempts").findValuesAsText("outcome"))
                    .contains("Failed", "Completed");
        }
    }

    @DatabaseTest
    void an_execution_is_restarted_from_a_task_with_another_input(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = engine(database)) {
            UUID failed = engine.submit("invoice", Map.of("fail", true));
            engine.await(failed);

            cli.refused(3, "has no task 'sned'. Did you mean 'send'?", "executions restart --from sned", end(failed));
            UUID fresh = UUID.fromString(cli.lines("executions restart --from send --input {}", end(failed))
                    .get(0));

            assertThat(engine.await(fresh).status().label()).isEqualTo("Completed");
            assertThat(engine.context(fresh).json()).isEqualTo("{\"net\":42}");
            assertThat(cli.lines("executions show", end(fresh))).contains("  restart of " + failed);
            assertThat(cli.json("executions restart", end(fresh))
                            .path("restarted_from")
                            .asText())
                    .isEqualTo(fresh.toString());
        }
    }

    @DatabaseTest
    void an_id_may_be_given_in_part_and_what_is_not_clear_is_said(TestDatabase database) {
        Cli cli = new Cli(home, database);
        UUID one;
        UUID other;
        try (Engine engine = engine(database)) {
            one = engine.submit("approval", Map.of());
            other = engine.submit("approval", Map.of());
        }
        String wrong = one.toString().substring(0, 35) + (one.toString().endsWith("0") ? "1" : "0");

        assertThat(cli.json("executions show", one.toString().substring(0, 35))
                        .path("id")
                        .asText())
                .isEqualTo(one.toString());
        assertThat(cli.json("executions show", one.toString().substring(30).toUpperCase(java.util.Locale.ROOT))
                        .path("id")
                        .asText())
                .isEqualTo(one.toString());
        cli.refused(2, "give more of it: ", "executions show", one.toString().substring(0, 8));
        cli.refused(2, other.toString(), "executions show", one.toString().substring(0, 8));
        cli.refused(2, "is not the id of an execution", "executions show 12345");
        cli.refused(3, "there is no execution 'abcdef123456'", "executions cancel abcdef123456");
        cli.refused(3, "did you mean " + one + "?", "executions show", wrong);
    }
}
