package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class WorkflowsIT {
    private record Order(String id, int total) {}

    @TempDir
    private Path home;

    private static void nothing(TaskContext context) {}

    private static WorkflowDefinition.Builder order(String version) {
        return WorkflowDefinition.named("order")
                .version(version)
                .input("order", Order.class)
                .task("read", WorkflowsIT::nothing, task -> task.returns(Order.class))
                .task(
                        "confirm",
                        WorkflowsIT::nothing,
                        task -> task.after("read").signal("yes"));
    }

    private static WorkflowDefinition first() {
        return order("1").build();
    }

    private static WorkflowDefinition second() {
        return order("2")
                .task("ship", WorkflowsIT::nothing, task -> task.after("confirm"))
                .build();
    }

    private static WorkflowDefinition third() {
        return WorkflowDefinition.named("order")
                .version("3")
                .task("read", WorkflowsIT::nothing)
                .build();
    }

    private static Engine start(TestDatabase database, WorkflowDefinition workflow) {
        return Engine.builder(database.url()).workflow(workflow).start();
    }

    private static Map<String, Object> input() {
        return Map.of("order", Map.of("id", "a", "total", 7));
    }

    @DatabaseTest
    void versions_are_listed_shown_and_compared_without_a_jar(TestDatabase database) {
        Cli cli = new Cli(home, database);
        database.migrated().close();
        assertThat(cli.run("workflows list").err())
                .containsExactly("no workflows: a runner stores those that it has ('cloacina runner start')");
        cli.refused(3, "there is no workflow 'order', nor any other", "workflows show order");
        start(database, first()).close();
        assertThat(cli.run("workflows diff order").err())
                .containsExactly("there is only one version of workflow 'order': 1");
        start(database, second()).close();
        try (Engine runner = start(database, third())) {
            runner.submit("order", Map.of());

            List<String> listed = cli.lines("workflows list");
            assertThat(listed).hasSize(2);
            assertThat(listed.get(0)).matches("Workflow +Version +Runners +Unfinished +Stored.*");
            assertThat(listed.get(1)).matches("order +3 +1 +[01] .*");
            assertThat(cli.lines("workflows list --all")).hasSize(4);
            assertThat(cli.json("workflows list --workflow order --all").findValuesAsText("version"))
                    .containsExactly("3", "2", "1");
        }
        assertThat(cli.lines("workflows show order@2"))
                .startsWith("Workflow order, version 2")
                .contains("  runners     none has it now", "  unfinished  0 executions")
                .contains(
                        "Input:",
                        "  order: required, {id?: text, total?: int}",
                        "  ○  read",
                        "  ○  confirm  waits for signal 'yes'",
                        "  ○  ship",
                        "Output:",
                        "  read: {id?: text, total?: int}");
        JsonNode shown = cli.json("workflows show order@2");
        assertThat(shown.path("inputs").toString())
                .isEqualTo("[{\"key\":\"order\",\"type\":\"{id?: text, total?: int}\",\"required\":true}]");
        assertThat(shown.path("tasks").get(1).path("settings").toString()).isEqualTo("{\"signal\":\"yes\"}");
        assertThat(cli.json("workflows show order").path("version").asText()).isEqualTo("3");

        CloacinaProcess.Finished diff = cli.run("workflows diff order 1 2");
        assertThat(diff.out()).containsExactly("Workflow order from 1 to 2", "  task 'ship' was added after confirm");
        assertThat(diff.exitCode()).isEqualTo(1);
        JsonNode newest = cli.json("workflows diff order");
        assertThat(newest.path("from").asText() + newest.path("to").asText()).isEqualTo("23");
        assertThat(newest.path("differences")).isNotEmpty();
        assertThat(cli.lines("workflows diff order 2 2")).containsExactly("no differences from 2 to 2");
        cli.refused(3, "there is no version '4'", "workflows show order@4");
        cli.refused(3, "there is no version '4'", "workflows diff order 1 4");
        cli.refused(3, "did you mean 'order'?", "workflows list --workflow ordr");
    }

    @DatabaseTest
    void an_execution_is_moved_to_a_version_on_purpose_or_it_is_said_why_not(TestDatabase database) {
        Cli cli = new Cli(home, database);
        UUID id;
        start(database, second()).close();
        start(database, third()).close();
        try (Engine runner = start(database, first())) {
            id = runner.submit("order", input());
            while (runner.tasks(id).stream().noneMatch(task -> task.signal() != null)) {
                LockSupport.parkNanos(5_000_000);
            }
        }

        cli.refused(4, "cannot continue with version 3: ", "executions migrate " + id + " --to-version 3");
        cli.refused(3, "versions are, newest first: 1, 3, 2", "executions migrate " + id + " --to-version 4");
        cli.refused(2, "--to-version", "executions migrate " + id);
        CloacinaProcess.Finished migrated = cli.run("executions migrate " + id + " --to-version 2");
        assertThat(migrated.out()).containsExactly("migrated execution " + id);
        assertThat(migrated.err()).singleElement().asString().startsWith("no runner is alive; ");
        JsonNode again = cli.json("executions migrate " + id + " --to-version 2");
        assertThat(again.get(0).path("version").asText()).isEqualTo("2");
        assertThat(cli.json("executions show " + id).path("tasks").findValuesAsText("name"))
                .containsExactly("read", "confirm", "ship");
    }

    @DatabaseTest
    void what_a_runner_has_is_run_by_its_name(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine runner = start(database, third())) {
            assertThat(cli.lines("run order --wait").get(0)).matches("execution \\S+ completed in .*");
            assertThat(cli.lines("run order")).hasSize(1);
            cli.refused(3, "did you mean 'order'?", "run oder");
            assertThat(runner.isRunning()).isTrue();
        }
        CloacinaProcess.Finished waiting = cli.run("run order --key one");
        assertThat(waiting.exitCode()).isZero();
        assertThat(waiting.out()).hasSize(1);
        assertThat(waiting.err())
                .containsExactly(
                        "no runner is alive; the execution is stored and waits until one starts that has workflow"
                                + " 'order' in version 3");
        CloacinaProcess.Finished late = cli.run("run order --wait --timeout 50ms --key one");
        assertThat(late.exitCode()).isEqualTo(6);
        assertThat(late.err()).hasSize(1);
        try (Engine runner = start(database, third())) {
            assertThat(cli.lines("run order --wait --key one"))
                    .last()
                    .asString()
                    .contains("completed");
            assertThat(runner.isRunning()).isTrue();
        }
    }

    @DatabaseTest
    void an_input_that_does_not_fit_is_refused_by_name_too(TestDatabase database) {
        Cli cli = new Cli(home, database);
        start(database, second()).close();

        cli.refused(2, "order: expected {id?: text, total?: int}, and it is absent", "run order");
        assertThat(cli.json("executions list")).isEmpty();
    }
}
