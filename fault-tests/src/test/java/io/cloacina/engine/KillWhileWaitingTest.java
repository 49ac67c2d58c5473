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
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
                .task("work", body, task -> task.limit(Limit.atMost(1)))
                .build();
    }

    private static WorkflowDefinition other(TaskBody body) {
        return WorkflowDefinition.named("other")
                .version("1")
                .task("other", body)
                .build();
    }

    private final List<Survivor> survivors = new ArrayList<>();

    @AfterEach
    void end() {
        survivors.forEach(Survivor::close);
    }

    /** On both databases. */
    private void begin(WorkflowDefinition... workflows) {
        for (Backend backend : Backend.values()) {
            survivors.add(new Survivor(backend, workflows));
        }
    }

    /** The child: comes to its point and stops, on each database. The kill of one process is that of its runners on both. */
    static final class Victim {
        private final int number;
        private final String url;
        private final UUID id;

        private Victim(int number, String url, UUID id) {
            this.number = number;
            this.url = url;
            this.id = id;
        }

        public static void main(String[] arguments) {
            Point point = Point.valueOf(arguments[0]);
            for (int i = 1; i < arguments.length; i += 2) {
                Victim victim = new Victim(i / 2, arguments[i], UUID.fromString(arguments[i + 1]));
                new Thread(() -> victim.run(point)).start();
            }
            EngineParts.awaitForEver(NEVER);
        }

        private void run(Point point) {
            switch (point) {
                case ASLEEP -> {
                    Engine engine = start(event -> {}, nap());
                    UUID asleep = engine.submit("nap", Map.of());
                    EngineParts.until(
                            "it sleeps", () -> engine.tasks(asleep).get(0).status() == TaskStatus.WAITING);
                    say("id " + asleep);
                }
                case CHILD_ENDED ->
                    // It has not got the workflow of the parent, and cannot go on with it.
                    start(this::stopWhenEnded, shipping()).signal(id, "truck", null);
                case IN_ELEMENT ->
                    say("id "
                            + start(event -> {}, doubling(context -> stop()))
                                    .submit("doubling", Map.of("list", List.of(1, 2, 3))));
                case HOLDING_LIMIT ->
                    say("id " + start(event -> {}, bounded(context -> stop())).submit("bounded", Map.of()));
                case SIGNALLED -> {
                    start(event -> {}, other(context -> {})).signal(id, "truck", null);
                    stop();
                }
            }
        }

        private Engine start(EngineListener listener, WorkflowDefinition workflow) {
            return Engine.builder(url).workflow(workflow).listener(listener).start();
        }

        private void stopWhenEnded(EngineEvent event) {
            if (event instanceof EngineEvent.ExecutionEnded) {
                stop();
            }
        }

        private void say(String line) {
            System.out.println(number + " " + line);
            System.out.flush();
        }

        private void stop() {
            say("there");
            EngineParts.awaitForEver(NEVER);
        }
    }

    /** It is told of the execution that each survivor knows. */
    private Child victim(Point point) {
        List<String> arguments = new ArrayList<>(List.of(point.name()));
        survivors.forEach(survivor -> arguments.addAll(List.of(survivor.test.url(), survivor.id.toString())));
        return Child.start(Victim.class, arguments.toArray(String[]::new));
    }

    /** What it submitted on each database. */
    private void hearIds(Child victim) {
        for (int i = 0; i < survivors.size(); i++) {
            survivors.get(i).id = UUID.fromString(victim.said(i + " id "));
        }
    }

    private void awaitThere(Child victim) {
        for (int i = 0; i < survivors.size(); i++) {
            victim.said(i + " there");
        }
    }

    private void makeRoom() {
        survivors.forEach(survivor -> survivor.room.countDown());
    }

    /** Another process that has no room until it is told. */
    private static final class Survivor implements AutoCloseable {
        private final CountDownLatch busy = new CountDownLatch(1);
        private final CountDownLatch room = new CountDownLatch(1);
        private final TestDatabase test;
        private final Engine engine;
        private UUID id = new UUID(0, 0);

        Survivor(Backend backend, WorkflowDefinition... workflows) {
            test = TestDatabase.create(backend);
            test.migrated();
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

        void completes(UUID execution, Duration within) {
            assertThat(engine.await(execution, within))
                    .as("noticed at once on %s", test.backend())
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }

        @Override
        public void close() {
            room.countDown();
            engine.close();
            test.close();
        }
    }

    @Test
    void a_sleep_that_a_dead_process_began_is_neither_shortened_nor_begun_anew() {
        begin(nap());
        survivors.forEach(Survivor::occupy);
        List<Instant> due = new ArrayList<>();
        try (Child victim = victim(Point.ASLEEP)) {
            hearIds(victim);
            for (Survivor survivor : survivors) {
                due.add(Objects.requireNonNull(
                        survivor.engine.tasks(survivor.id).get(0).dueAt()));
            }
        }
        makeRoom();

        for (int i = 0; i < survivors.size(); i++) {
            Survivor survivor = survivors.get(i);
            survivor.completes(survivor.id, NAP.plus(SOON));
            TaskExecution sleep = survivor.engine.tasks(survivor.id).get(0);
            assertThat(sleep.startedAt()).isBetween(due.get(i), due.get(i).plus(SOON));
            assertThat(sleep.attempt()).as("waking is no further attempt").isEqualTo(1);
            assertThat(EngineParts.count(
                            survivor.test, "SELECT attempt FROM task_executions WHERE task_name = 'sleep'"))
                    .as("it began to sleep, and it woke")
                    .isEqualTo(2);
            assertThat(sleep.recoveries()).isZero();
        }
    }

    @Test
    void a_parent_goes_on_when_the_process_that_ended_its_child_dies_just_then() {
        begin(order(), shipping());
        List<UUID> parents = new ArrayList<>();
        for (Survivor survivor : survivors) {
            parents.add(survivor.engine.submit("order", Map.of()));
            EngineParts.until(
                    "the child waits",
                    () -> survivor.engine.list(ExecutionQuery.all().workflow("shipping")).stream()
                            .flatMap(child -> survivor.engine.tasks(child.id()).stream())
                            .anyMatch(task -> task.status() == TaskStatus.WAITING));
            survivor.id = survivor.engine
                    .list(ExecutionQuery.all().workflow("shipping"))
                    .get(0)
                    .id();
            survivor.occupy();
        }
        try (Child victim = victim(Point.CHILD_ENDED)) {
            awaitThere(victim);
        }
        for (int i = 0; i < survivors.size(); i++) {
            Survivor survivor = survivors.get(i);
            assertThat(survivor.engine.find(survivor.id))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(survivor.engine.tasks(parents.get(i)).get(0).status()).isEqualTo(TaskStatus.READY);
        }
        makeRoom();

        for (int i = 0; i < survivors.size(); i++) {
            survivors.get(i).completes(parents.get(i), SOON);
            assertThat(survivors.get(i).engine.context(parents.get(i)).get("ship", String.class))
                    .isEqualTo("3 kg");
        }
    }

    @Test
    void of_a_list_only_the_element_is_run_again_whose_process_died() {
        begin(doubling(context -> {}));
        survivors.forEach(Survivor::occupy);
        try (Child victim = victim(Point.IN_ELEMENT)) {
            hearIds(victim);
            awaitThere(victim);
        }
        makeRoom();

        for (Survivor survivor : survivors) {
            survivor.completes(survivor.id, SOON);
            assertThat(survivor.engine.context(survivor.id).get("each", new TypeOf<List<Integer>>() {}))
                    .containsExactly(2, 4, 6);
            assertThat(survivor.engine.tasks(survivor.id).stream()
                            .filter(task -> task.name().startsWith("each[")))
                    .extracting(TaskExecution::name, TaskExecution::attempt, TaskExecution::recoveries)
                    .containsExactlyInAnyOrder(tuple("each[0]", 1, 0), tuple("each[1]", 2, 1), tuple("each[2]", 1, 0));
        }
    }

    @Test
    void a_limit_is_held_by_who_lives_and_given_back_by_who_dies() {
        begin(bounded(context -> {}));
        survivors.forEach(Survivor::occupy);
        List<UUID> next = new ArrayList<>();
        try (Child victim = victim(Point.HOLDING_LIMIT)) {
            hearIds(victim);
            awaitThere(victim);
            for (Survivor survivor : survivors) {
                next.add(survivor.engine.submit("bounded", Map.of()));
                survivor.room.countDown();
                // Something else has its turn, so what is bounded had its own.
                survivor.completes(survivor.engine.submit("other", Map.of()), EngineParts.LONG);
                assertThat(survivor.engine
                                .tasks(next.get(next.size() - 1))
                                .get(0)
                                .status())
                        .isEqualTo(TaskStatus.READY);
            }
        }

        for (int i = 0; i < survivors.size(); i++) {
            Survivor survivor = survivors.get(i);
            survivor.completes(next.get(i), SOON);
            survivor.completes(survivor.id, SOON);
            assertThat(survivor.engine.tasks(survivor.id).get(0).attempt()).isEqualTo(2);
            assertThat(survivor.engine.tasks(next.get(i)).get(0).attempt()).isEqualTo(1);
        }
    }

    @Test
    void a_signal_arrives_though_its_sender_dies_as_soon_as_it_is_sent() {
        begin(shipping());
        for (Survivor survivor : survivors) {
            survivor.id = survivor.engine.submit("shipping", Map.of());
            EngineParts.until(
                    "it waits", () -> survivor.engine.tasks(survivor.id).get(0).status() == TaskStatus.WAITING);
        }
        try (Child victim = victim(Point.SIGNALLED)) {
            awaitThere(victim);
        }
        survivors.forEach(survivor -> survivor.completes(survivor.id, SOON));
    }
}
