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
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** The child: on each database it comes to another point and stops. The kill of one process is that of all of them. */
    static final class Victim {
        private final String url;
        private final UUID id;
        private final Point point;

        private Victim(String url, UUID id, Point point) {
            this.url = url;
            this.id = id;
            this.point = point;
        }

        public static void main(String[] arguments) {
            Point[] points = Point.values();
            for (int i = 0; i < points.length; i++) {
                Victim victim = new Victim(arguments[2 * i], UUID.fromString(arguments[2 * i + 1]), points[i]);
                new Thread(victim::run).start();
            }
            EngineParts.awaitForEver(new CountDownLatch(1));
        }

        private void run() {
            if (point == Point.IN_BODY) {
                Engine engine =
                        Engine.builder(url).workflow(second(context -> stop())).start();
                engine.signal(id, "yes", null);
            } else {
                WorkflowDefinition other = WorkflowDefinition.named("other")
                        .task("t", context -> {})
                        .build();
                takeOver(EngineParts.on(url, true, other), UniversalUuid.of(id));
            }
        }

        /** By the definition that is stored: an engine that has the workflow would do it while it starts. */
        private void takeOver(EngineRuntime runtime, UniversalUuid execution) {
            Workflow second = runtime.parts().definitions().known("order", "2").orElseThrow();
            say(runtime.lanes().call(execution, work -> {
                boolean isChanged = runtime.steps()
                        .versionChange()
                        .change(work, execution, "1", second)
                        .isChanged();
                if (point == Point.IN_TRANSACTION) {
                    say(isChanged);
                    EngineParts.awaitForEver(new CountDownLatch(1));
                }
                return isChanged;
            }));
        }

        private void stop() {
            say(true);
            EngineParts.awaitForEver(new CountDownLatch(1));
        }

        private void say(boolean isChanged) {
            System.out.println(point + " " + isChanged);
            System.out.flush();
        }
    }

    /** An execution of the first version that waits, while the second one is stored. */
    private static UUID waiting(TestDatabase test) {
        try (Engine first = Engine.builder(test.url())
                .workflow(order("1", context -> {}).build())
                .start()) {
            UUID id = first.submit("order", Map.of());
            EngineParts.until("it waits", () -> first.tasks(id).get(0).status() == TaskStatus.WAITING);
            // It stores its definition, and leaves alone what the first one has.
            Engine.builder(test.url()).workflow(second(context -> {})).start().close();
            assertThat(first.find(id).orElseThrow().version()).isEqualTo("1");
            return id;
        }
    }

    private static void assertTakenOver(TestDatabase test, UUID id, Point point) {
        try (Engine survivor =
                Engine.builder(test.url()).workflow(second(context -> {})).start()) {
            if (point != Point.IN_BODY) {
                survivor.signal(id, "yes", null);
            }
            assertThat(survivor.await(id, EngineParts.LONG).orElseThrow().status())
                    .as("%s", point)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(survivor.find(id).orElseThrow().version())
                    .as("%s", point)
                    .isEqualTo("2");
            assertThat(survivor.tasks(id))
                    .as("%s", point)
                    .extracting(TaskExecution::name)
                    .containsExactly("confirm", "ship", "thank");
            assertThat(survivor.tasks(id))
                    .as("%s", point)
                    .extracting(TaskExecution::status)
                    .containsOnly(TaskStatus.COMPLETED);
            assertThat(survivor.tasks(id).get(1).attempt()).as("%s", point).isEqualTo(point == Point.IN_BODY ? 2 : 1);
            assertThat(survivor.recoveries(id))
                    .extracting(RecoveryEvent::type)
                    .as("it was taken over once: %s", point)
                    .containsOnlyOnce(RecoveryType.VERSION_CHANGED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void in_the_transaction_that_takes_over_and_after_its_commit_and_in_the_first_body(Backend backend) {
        Point[] points = Point.values();
        List<TestDatabase> databases =
                Stream.of(points).map(point -> TestDatabase.create(backend)).toList();
        try {
            List<UUID> ids = new ArrayList<>();
            List<String> arguments = new ArrayList<>();
            for (TestDatabase test : databases) {
                ids.add(waiting(test));
                arguments.addAll(List.of(test.url(), ids.get(ids.size() - 1).toString()));
            }
            try (Child victim = Child.start(Victim.class, arguments.toArray(String[]::new))) {
                for (Point point : points) {
                    assertThat(victim.said(point + " ")).as("%s", point).isEqualTo("true");
                }
            }
            for (int i = 0; i < points.length; i++) {
                assertTakenOver(databases.get(i), ids.get(i), points[i]);
            }
        } finally {
            databases.forEach(TestDatabase::close);
        }
    }
}
