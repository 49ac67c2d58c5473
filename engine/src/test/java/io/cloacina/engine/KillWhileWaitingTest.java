package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Limit;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/**
 * A process is killed while something waits that only it knows of: a sleep, a parent, a run for an element, a limit, a signal.
 * Another one that lives, and does not poll, goes on with it at once.
 */
@Timeout(120)
class KillWhileWaitingTest {
    /** Above what it takes to notice on a busy machine, and below what the next heartbeat would take. */
    private static final Duration SOON = Duration.ofSeconds(4);

    private static final Duration NAP = Duration.ofSeconds(2);
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Where the child stops for ever. */
    enum Point {
        ASLEEP,
        CHILD_ENDED,
        IN_ELEMENT,
        HOLDING_LIMIT,
        SIGNALLED
    }

    private static WorkflowDefinition nap() {
        return WorkflowDefinition.named("nap")
                .version("1")
                .task("sleep", context -> context.output(context.attempt()), task -> task.sleep(NAP))
                .build();
    }

    private static WorkflowDefinition order() {
        return WorkflowDefinition.named("order")
                .version("1")
                .task(
                        "ship",
                        context -> context.output(Map.of("weight", 3)),
                        task -> task.child("shipping").take("label"))
                .build();
    }

    private static WorkflowDefinition shipping() {
        return WorkflowDefinition.named("shipping")
                .version("1")
                .task("label", context -> context.output("3 kg"), task -> task.signal("truck"))
                .build();
    }

    private static WorkflowDefinition doubling(TaskBody inSecond) {
        return WorkflowDefinition.named("doubling")
                .version("1")
                .task(
                        "each",
                        context -> {
                            if (context.elementIndex() == 1) {
                                inSecond.run(context);
                            }
                            context.output(2 * context.element(Integer.class));
                        },
                        task -> task.forEach("list").atOnce(1))
                .build();
    }

    private static WorkflowDefinition bounded(TaskBody body) {
        return WorkflowDefinition.named("bounded")
                .version("1")
                .task("work", body, task -> task.limit(Limit.atOnce(1)))
                .build();
    }

    private static WorkflowDefinition other(TaskBody body) {
        return WorkflowDefinition.named("other")
                .version("1")
                .task("other", body)
                .build();
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void stop() {
        say("there");
        EngineParts.awaitForEver(NEVER);
    }

    /** The child: comes to its point and stops. */
    static final class Victim {
        public static void main(String[] arguments) {
            String url = arguments[0];
            switch (Point.valueOf(arguments[1])) {
                case ASLEEP -> {
                    Engine engine = start(url, event -> {}, nap());
                    UUID id = engine.submit("nap", Map.of());
                    EngineParts.until("it sleeps", () -> engine.tasks(id).get(0).status() == TaskStatus.WAITING);
                    say("id " + id);
                }
                case CHILD_ENDED ->
                    // It has not got the workflow of the parent, and cannot go on with it.
                    start(url, Victim::stopWhenEnded, shipping()).signal(UUID.fromString(arguments[2]), "truck", null);
                case IN_ELEMENT ->
                    say("id "
                            + start(url, event -> {}, doubling(context -> stop()))
                                    .submit("doubling", Map.of("list", List.of(1, 2, 3))));
                case HOLDING_LIMIT ->
                    say("id "
                            + start(url, event -> {}, bounded(context -> stop()))
                                    .submit("bounded", Map.of()));
                case SIGNALLED -> {
                    start(url, event -> {}, other(context -> {})).signal(UUID.fromString(arguments[2]), "truck", null);
                    stop();
                }
            }
            EngineParts.awaitForEver(NEVER);
        }

        private static Engine start(String url, EngineListener listener, WorkflowDefinition workflow) {
            return Engine.builder(url).workflow(workflow).listener(listener).start();
        }

        private static void stopWhenEnded(EngineEvent event) {
            if (event instanceof EngineEvent.ExecutionEnded) {
                stop();
            }
        }
    }

    private static Child victim(TestDatabase test, Point point, Object... more) {
        return more.length == 0
                ? Child.start(Victim.class, test.url(), point.name())
                : Child.start(Victim.class, test.url(), point.name(), more[0].toString());
    }

    /** Another process that has no room until it is told. */
    private static final class Survivor implements AutoCloseable {
        private final CountDownLatch busy = new CountDownLatch(1);
        private final CountDownLatch room = new CountDownLatch(1);
        private final Engine engine;

        Survivor(TestDatabase test, WorkflowDefinition... workflows) {
            EngineBuilder builder = Engine.builder(test.url())
                    .slots(1)
                    .lease(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofHours(1))
                    .workflow(other(context -> {
                        busy.countDown();
                        EngineParts.await(room);
                    }));
            for (WorkflowDefinition workflow : workflows) {
                builder.workflow(workflow);
            }
            engine = builder.start();
        }

        void occupy() {
            engine.submit("other", Map.of());
            EngineParts.await(busy);
        }

        void completes(UUID id, Duration within) {
            assertThat(engine.await(id, within))
                    .as("noticed at once")
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }

        @Override
        public void close() {
            room.countDown();
            engine.close();
        }
    }

    @DatabaseTest
    void a_sleep_that_a_dead_process_began_is_neither_shortened_nor_begun_anew(TestDatabase test) {
        test.migrated();
        try (Survivor survivor = new Survivor(test, nap())) {
            survivor.occupy();
            UUID id;
            Instant due;
            try (Child victim = victim(test, Point.ASLEEP)) {
                id = UUID.fromString(victim.said("id "));
                due = Objects.requireNonNull(survivor.engine.tasks(id).get(0).dueAt());
            }
            survivor.room.countDown();

            survivor.completes(id, NAP.plus(SOON));
            TaskExecution sleep = survivor.engine.tasks(id).get(0);
            assertThat(sleep.startedAt()).isBetween(due, due.plus(SOON));
            assertThat(sleep.attempt()).as("waking is no further attempt").isEqualTo(1);
            assertThat(EngineParts.count(test, "SELECT attempt FROM task_executions WHERE task_name = 'sleep'"))
                    .as("it began to sleep, and it woke")
                    .isEqualTo(2);
            assertThat(sleep.recoveries()).isZero();
        }
    }

    @DatabaseTest
    void a_parent_goes_on_when_the_process_that_ended_its_child_dies_just_then(TestDatabase test) {
        test.migrated();
        try (Survivor survivor = new Survivor(test, order(), shipping())) {
            UUID id = survivor.engine.submit("order", Map.of());
            EngineParts.until(
                    "the child waits",
                    () -> survivor.engine.list(ExecutionQuery.all().workflow("shipping")).stream()
                            .flatMap(child -> survivor.engine.tasks(child.id()).stream())
                            .anyMatch(task -> task.status() == TaskStatus.WAITING));
            UUID child = survivor.engine
                    .list(ExecutionQuery.all().workflow("shipping"))
                    .get(0)
                    .id();
            survivor.occupy();
            try (Child victim = victim(test, Point.CHILD_ENDED, child)) {
                victim.said("there");
            }
            assertThat(survivor.engine.find(child))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(survivor.engine.tasks(id).get(0).status()).isEqualTo(TaskStatus.READY);
            survivor.room.countDown();

            survivor.completes(id, SOON);
            assertThat(survivor.engine.context(id).get("ship", String.class)).isEqualTo("3 kg");
        }
    }

    @DatabaseTest
    void of_a_list_only_the_element_is_run_again_whose_process_died(TestDatabase test) {
        test.migrated();
        try (Survivor survivor = new Survivor(test, doubling(context -> {}))) {
            survivor.occupy();
            UUID id;
            try (Child victim = victim(test, Point.IN_ELEMENT)) {
                id = UUID.fromString(victim.said("id "));
                victim.said("there");
            }
            survivor.room.countDown();

            survivor.completes(id, SOON);
            assertThat(survivor.engine.context(id).get("each", new TypeOf<List<Integer>>() {}))
                    .containsExactly(2, 4, 6);
            assertThat(survivor.engine.tasks(id).stream()
                            .filter(task -> task.name().startsWith("each[")))
                    .extracting(TaskExecution::name, TaskExecution::attempt, TaskExecution::recoveries)
                    .containsExactlyInAnyOrder(tuple("each[0]", 1, 0), tuple("each[1]", 2, 1), tuple("each[2]", 1, 0));
        }
    }

    @DatabaseTest
    void a_limit_is_held_by_who_lives_and_given_back_by_who_dies(TestDatabase test) {
        test.migrated();
        try (Survivor survivor = new Survivor(test, bounded(context -> {}))) {
            UUID next;
            UUID first;
            survivor.occupy();
            try (Child victim = victim(test, Point.HOLDING_LIMIT)) {
                first = UUID.fromString(victim.said("id "));
                victim.said("there");
                next = survivor.engine.submit("bounded", Map.of());
                survivor.room.countDown();
                // Something else has its turn, so what is bounded had its own.
                survivor.completes(survivor.engine.submit("other", Map.of()), EngineParts.LONG);
                assertThat(survivor.engine.tasks(next).get(0).status()).isEqualTo(TaskStatus.READY);
            }

            survivor.completes(next, SOON);
            survivor.completes(first, SOON);
            assertThat(survivor.engine.tasks(first).get(0).attempt()).isEqualTo(2);
            assertThat(survivor.engine.tasks(next).get(0).attempt()).isEqualTo(1);
        }
    }

    @DatabaseTest
    void a_signal_arrives_though_its_sender_dies_as_soon_as_it_is_sent(TestDatabase test) {
        test.migrated();
        try (Survivor survivor = new Survivor(test, shipping())) {
            UUID id = survivor.engine.submit("shipping", Map.of());
            EngineParts.until("it waits", () -> survivor.engine.tasks(id).get(0).status() == TaskStatus.WAITING);
            try (Child victim = victim(test, Point.SIGNALLED, id)) {
                victim.said("there");
            }
            survivor.completes(id, SOON);
        }
    }
}
