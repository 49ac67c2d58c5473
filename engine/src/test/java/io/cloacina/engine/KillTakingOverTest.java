package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** A process is killed while its newer version of a workflow takes an execution over: another one with that version ends it. */
@Timeout(120)
class KillTakingOverTest {
    /** Where the victim stops forever. */
    enum Point {
        IN_TRANSACTION,
        AFTER_COMMIT,
        IN_BODY
    }

    private static WorkflowDefinition.Builder order(String version, TaskBody ship) {
        return WorkflowDefinition.named("order")
                .version(version)
                .task("confirm", context -> {}, task -> task.signal("yes"))
                .task("ship", ship, task -> task.after("confirm"));
    }

    private static WorkflowDefinition second(TaskBody ship) {
        return order("2", ship)
                .task("thank", context -> {}, task -> task.after("ship"))
                .build();
    }

    /** The child. */
    static final class Victim {
        public static void main(String[] arguments) throws InterruptedException {
            UUID id = UUID.fromString(arguments[1]);
            Point point = Point.valueOf(arguments[2]);
            if (point == Point.IN_BODY) {
                Engine engine = Engine.builder(arguments[0])
                        .workflow(second(context -> stop()))
                        .start();
                engine.signal(id, "yes", null);
            } else {
                WorkflowDefinition other = WorkflowDefinition.named("other")
                        .task("t", context -> {})
                        .build();
                takeOver(EngineParts.on(arguments[0], true, other), UniversalUuid.of(id), point);
            }
            new CountDownLatch(1).await();
        }

        /** By the definition that is stored: an engine that has the workflow would do it while it starts. */
        private static void takeOver(EngineRuntime runtime, UniversalUuid id, Point point) {
            Workflow second = runtime.parts().definitions().known("order", "2").orElseThrow();
            say(runtime.lanes().call(id, work -> {
                boolean isChanged = runtime.steps()
                        .versionChange()
                        .change(work, id, "1", second)
                        .isChanged();
                if (point == Point.IN_TRANSACTION) {
                    say(isChanged);
                    EngineParts.await(new CountDownLatch(1));
                }
                return isChanged;
            }));
        }

        private static void stop() throws InterruptedException {
            say(true);
            new CountDownLatch(1).await();
        }

        private static void say(boolean isChanged) {
            System.out.println("there " + isChanged);
            System.out.flush();
        }
    }

    private static void killAt(TestDatabase test, Point point) {
        UUID id;
        try (Engine first = Engine.builder(test.url())
                .workflow(order("1", context -> {}).build())
                .start()) {
            id = first.submit("order", Map.of());
            EngineParts.until("it waits", () -> first.tasks(id).get(0).status() == TaskStatus.WAITING);
            // It stores its definition, and leaves alone what the first one has.
            Engine.builder(test.url()).workflow(second(context -> {})).start().close();
            assertThat(first.find(id).orElseThrow().version()).isEqualTo("1");
        }
        try (Child victim = Child.start(Victim.class, test.url(), id.toString(), point.name())) {
            assertThat(victim.said("there ")).isEqualTo("true");
        }
        try (Engine survivor =
                Engine.builder(test.url()).workflow(second(context -> {})).start()) {
            if (point != Point.IN_BODY) {
                survivor.signal(id, "yes", null);
            }
            assertThat(survivor.await(id, EngineParts.LONG).orElseThrow().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(survivor.find(id).orElseThrow().version()).isEqualTo("2");
            assertThat(survivor.tasks(id)).extracting(TaskExecution::name).containsExactly("confirm", "ship", "thank");
            assertThat(survivor.tasks(id)).extracting(TaskExecution::status).containsOnly(TaskStatus.COMPLETED);
            assertThat(survivor.tasks(id).get(1).attempt()).isEqualTo(point == Point.IN_BODY ? 2 : 1);
            assertThat(survivor.recoveries(id))
                    .extracting(RecoveryEvent::type)
                    .as("it was taken over once")
                    .containsOnlyOnce(RecoveryType.VERSION_CHANGED);
        }
    }

    @DatabaseTest
    void in_the_transaction_that_takes_over(TestDatabase test) {
        killAt(test, Point.IN_TRANSACTION);
    }

    @DatabaseTest
    void after_its_commit(TestDatabase test) {
        killAt(test, Point.AFTER_COMMIT);
    }

    @DatabaseTest
    void in_the_first_body_of_the_newer_version(TestDatabase test) {
        killAt(test, Point.IN_BODY);
    }
}
