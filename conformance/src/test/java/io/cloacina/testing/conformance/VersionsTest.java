package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.InFlight;
import io.cloacina.api.Limit;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.StoredWorkflow;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;

/** What is known of the versions of workflows, and executions that are moved from one to another on purpose. */
@Timeout(60)
class VersionsTest {
    private record Order(String id, int total) {}

    private static void nothing(TaskContext context) {}

    private static WorkflowDefinition.Builder order(String version) {
        return WorkflowDefinition.named("order")
                .version(version)
                .task("read", context -> context.output(new Order("a", 7)), task -> task.returns(Order.class))
                .task(
                        "confirm",
                        VersionsTest::nothing,
                        task -> task.after("read").signal("yes"));
    }

    private static WorkflowDefinition first() {
        return order("1")
                .task("ship", context -> context.output("by 1"), task -> task.after("confirm"))
                .build();
    }

    /** Adds tasks whose rules decide at once: one that runs, one that does not, and one after that. */
    private static WorkflowDefinition second(InFlight inFlight) {
        return order("2")
                .inFlight(inFlight)
                .task("ship", context -> context.output("by 2"), task -> task.after("confirm"))
                .task(
                        "audit",
                        context -> context.output("audited"),
                        task -> task.after("read")
                                .when(TriggerRule.all(
                                        TriggerCondition.taskCompleted("read"),
                                        TriggerCondition.contextValue("amount", ValueOperator.GREATER_THAN, 1.5))))
                .task(
                        "refund",
                        VersionsTest::nothing,
                        task -> task.after("read").when(TriggerRule.any(TriggerCondition.taskFailed("read"))))
                .task("mourn", VersionsTest::nothing, task -> task.after("refund"))
                .task(
                        "report",
                        context -> context.output("reported"),
                        task -> task.after("refund", "read").when(TriggerRule.always()))
                .build();
    }

    private static TestEngine start(TestDatabase database, WorkflowDefinition workflow) {
        return TestEngine.on(database.url()).workflow(workflow).start();
    }

    private static Engine client(TestDatabase database) {
        return Engine.builder(database.url()).client().start();
    }

    /** An execution of the first version, which waits for a signal. */
    private static UUID begun(TestDatabase database) {
        try (TestEngine engine = start(database, first())) {
            UUID id = engine.submit("order", Map.of("amount", 2));
            engine.tick();
            return id;
        }
    }

    private static void store(TestDatabase database, WorkflowDefinition workflow) {
        start(database, workflow).close();
    }

    private static void refused(Engine engine, UUID id, String version, String code, String why) {
        assertThatThrownBy(() -> engine.versions().migrate(id, version))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    @DatabaseTest
    void the_stored_versions_are_listed_with_who_has_them_and_what_is_unfinished(TestDatabase database) {
        try (TestEngine old = start(database, first());
                Engine client = client(database)) {
            old.submit("order");
            old.submit("order");
            try (TestEngine young = start(database, second(InFlight.CONTINUE))) {
                young.submit("order");
                assertThat(client.versions().list("order"))
                        .extracting(WorkflowVersion::version, WorkflowVersion::runners, WorkflowVersion::unfinished)
                        .containsExactly(tuple("2", 1, 1L), tuple("1", 1, 2L));
            }
            assertThat(client.versions().list())
                    .extracting(WorkflowVersion::version, WorkflowVersion::runners, WorkflowVersion::storedPackage)
                    .containsExactly(tuple("2", 0, null), tuple("1", 1, null));
            assertThatThrownBy(() -> client.versions().list("ordr"))
                    .isInstanceOf(UnknownWorkflowException.class)
                    .hasMessageContaining("Did you mean 'order'?");
        }
    }

    @DatabaseTest
    void a_version_is_shown_without_its_code(TestDatabase database) {
        store(
                database,
                order("3")
                        .input("order", Order.class)
                        .optionalInput("count", Integer.class)
                        .limit(Limit.atMost(3).per("order"))
                        .task(
                                "ship",
                                VersionsTest::nothing,
                                task -> task.after("confirm", "read")
                                        .when(TriggerRule.any(
                                                TriggerCondition.taskFailed("confirm"),
                                                TriggerCondition.contextValue("count", ValueOperator.EXISTS)))
                                        .reads("read", Order.class)
                                        .timeout(Duration.ofSeconds(9))
                                        .limit(Limit.atMost(2)))
                        .build());
        try (Engine client = client(database)) {
            StoredWorkflow shown = client.versions().find("order", "3").orElseThrow();
            assertThat(shown.inputs())
                    .containsExactly(
                            new StoredWorkflow.Input("order", "{id?: text, total?: int}", true),
                            new StoredWorkflow.Input("count", "int", false));
            assertThat(shown.limits()).containsExactly("at once 3 per order");
            assertThat(shown.tasks()).extracting(StoredWorkflow.Task::name).containsExactly("read", "confirm", "ship");
            assertThat(shown.tasks().get(0).output()).isEqualTo("{id?: text, total?: int}");
            assertThat(shown.tasks().get(1).settings()).containsExactly(Map.entry("signal", "yes"));
            assertThat(shown.tasks().get(2)).satisfies(ship -> {
                assertThat(ship.dependencies()).containsExactlyInAnyOrder("confirm", "read");
                assertThat(ship.rule()).isEqualTo("if 'confirm' failed or value 'count' is present");
                assertThat(ship.settings()).containsExactly(Map.entry("timeout", "PT9S"));
                assertThat(ship.limits()).containsExactly("at once 2");
                assertThat(ship.reads()).containsOnlyKeys("read");
                assertThat(ship.output()).isNull();
            });
            assertThat(client.versions().find("order", "4")).isEmpty();
        }
    }

    @DatabaseTest
    void two_versions_are_compared_in_sentences(TestDatabase database) {
        store(database, first());
        store(database, second(InFlight.PINNED));
        try (Engine client = client(database)) {
            assertThat(client.versions().differences("order", "1", "2"))
                    .contains(
                            "task 'mourn' was added after refund", "executions in flight were CONTINUE and are PINNED");
            assertThat(client.versions().differences("order", "2", "1")).contains("task 'mourn' was removed");
            assertThat(client.versions().differences("order", "1", "1")).isEmpty();
            assertThatThrownBy(() -> client.versions().differences("order", "1", "3"))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_VERSION"))
                    .hasMessageContaining(
                            "workflow 'order' has no stored version '3'; the stored versions are, newest first: 2, 1");
            assertThatThrownBy(() -> client.versions().differences("ordr", "1", "2"))
                    .isInstanceOf(UnknownWorkflowException.class);
        }
    }

    @DatabaseTest
    void a_client_without_the_code_moves_an_execution_also_to_a_pinned_version(TestDatabase database) {
        UUID id = begun(database);
        store(database, second(InFlight.PINNED));
        try (Engine client = client(database)) {
            client.versions().migrate(id, "2");
            client.versions().migrate(id, "2");
            assertThat(client.find(id).orElseThrow().version()).isEqualTo("2");
            assertThat(client.recoveries(id))
                    .extracting(RecoveryEvent::type)
                    .containsExactly(RecoveryType.VERSION_CHANGED);
            assertThat(client.tasks(id))
                    .extracting(TaskExecution::name, TaskExecution::status)
                    .containsExactly(
                            tuple("read", TaskStatus.COMPLETED),
                            tuple("confirm", TaskStatus.WAITING),
                            tuple("ship", TaskStatus.NOT_STARTED),
                            tuple("audit", TaskStatus.READY),
                            tuple("refund", TaskStatus.SKIPPED),
                            tuple("mourn", TaskStatus.SKIPPED),
                            tuple("report", TaskStatus.READY));
            client.signal(id, "yes", null);
        }
        try (TestEngine engine = start(database, second(InFlight.PINNED))) {
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("ship", String.class)).isEqualTo("by 2");
            assertThat(engine.engine().context(id).get("audit", String.class)).isEqualTo("audited");
            assertThat(engine.engine().context(id).get("report", String.class)).isEqualTo("reported");
        }
    }

    @DatabaseTest
    void a_runner_moves_an_execution_to_a_version_that_it_does_not_have_and_runs_nothing_of_it(TestDatabase database) {
        store(database, second(InFlight.PINNED));
        UUID id = begun(database);
        try (TestEngine old = start(database, first())) {
            old.engine().versions().migrate(id, "2");
            old.tick();
            assertThat(old, id).isRunning().hasTask("audit").hasStatus(TaskStatus.READY);
            assertThat(old.task(id, "report").status()).isEqualTo(TaskStatus.READY);
        }
    }

    @DatabaseTest
    void an_execution_is_moved_back_to_an_older_version(TestDatabase database) {
        store(database, first());
        UUID id;
        try (TestEngine engine = start(
                database,
                order("2")
                        .task("ship", context -> context.output("by 2"), task -> task.after("confirm"))
                        .build())) {
            id = engine.submit("order");
            engine.tick();
            engine.engine().versions().migrate(id, "1");
        }
        try (TestEngine engine = start(database, first())) {
            engine.engine().signal(id, "yes", null);
            engine.tick();
            assertThat(engine.engine().context(id).get("ship", String.class)).isEqualTo("by 1");
        }
    }

    @DatabaseTest
    void what_cannot_be_moved_stays_as_it_is_and_says_why(TestDatabase database) {
        UUID id = begun(database);
        store(
                database,
                order("2")
                        .task("send", VersionsTest::nothing, task -> task.after("confirm"))
                        .build());
        try (Engine client = client(database)) {
            refused(client, id, "2", "INCOMPATIBLE_VERSION", "cannot continue with version 2: task 'ship' was removed");
            refused(client, id, "3", "UNKNOWN_VERSION", "versions are, newest first: 2, 1");
            refused(client, id, "", "INVALID_NAME", "the version of a workflow");
            assertThatThrownBy(() -> client.versions().migrate(new UUID(1, 2), "2"))
                    .isInstanceOf(UnknownExecutionException.class);
            assertThat(client.find(id).orElseThrow().version()).isEqualTo("1");
            assertThat(client.recoveries(id)).isEmpty();
            client.cancel(id);
            refused(client, id, "2", "EXECUTION_STATE", "cannot be migrated: it has ended");
        }
    }

    @DatabaseTest
    void while_a_task_runs_the_execution_is_not_moved(TestDatabase database) {
        store(database, second(InFlight.CONTINUE));
        AtomicReference<List<String>> told = new AtomicReference<>(List.of());
        try (Engine client = client(database)) {
            UUID[] id = {new UUID(0, 0)};
            WorkflowDefinition workflow = WorkflowDefinition.named("order")
                    .version("1")
                    .task("read", context -> {
                        try {
                            client.versions().migrate(id[0], "2");
                        } catch (ExecutionStateException e) {
                            told.set(List.of(e.getMessage()));
                        }
                    })
                    .build();
            try (TestEngine engine = start(database, workflow)) {
                id[0] = engine.submit("order");
                engine.tick();
                assertThat(told.get())
                        .singleElement()
                        .asString()
                        .contains("its task 'read' runs; try again when that has ended");
                assertThat(engine, id[0]).isCompleted();
            }
        }
    }
}
