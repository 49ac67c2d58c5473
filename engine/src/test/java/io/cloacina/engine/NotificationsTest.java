package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** Two engines on one database, neither of which polls for an hour: one is notified of what the other does. */
@Timeout(60)
class NotificationsTest {
    private static final Duration NEVER = Duration.ofHours(1);

    /** Much longer than a notification takes, and shorter than a heartbeat, which would find out too. */
    private static final Duration PROMPT = Duration.ofSeconds(4);

    private static WorkflowDefinition named(String name, TaskBody body) {
        return WorkflowDefinition.named(name).version("1").task("t", body).build();
    }

    private static Engine start(TestDatabase test, int slots, WorkflowDefinition... workflows) {
        EngineBuilder builder = Engine.builder(test.url())
                .slots(slots)
                .pollInterval(NEVER)
                .lease(Duration.ofMinutes(5))
                .grace(Duration.ZERO);
        for (WorkflowDefinition workflow : workflows) {
            builder.workflow(workflow);
        }
        return builder.start();
    }

    @DatabaseTest
    void what_one_has_no_room_for_the_other_takes(TestDatabase test) {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        WorkflowDefinition stuck = named("w", context -> {
            inside.countDown();
            never.await();
        });
        AtomicInteger ran = new AtomicInteger();
        try (Engine busy = start(test, 1, stuck);
                Engine idle = start(test, 4, named("w", context -> ran.incrementAndGet()))) {
            UUID held = busy.submit("w", Map.of());
            EngineParts.await(inside);
            for (int i = 0; i < 20; i++) {
                UUID id = busy.submit("w", Map.of());
                assertThat(idle.await(id, PROMPT)).as("number %d", i).isPresent();
            }
            assertThat(busy.find(held).orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
        }
    }

    @DatabaseTest
    void of_much_that_becomes_ready_at_once_nothing_is_forgotten(TestDatabase test) {
        CountDownLatch never = new CountDownLatch(1);
        WorkflowDefinition stuck = named("w", context -> never.await());
        try (Engine busy = start(test, 1, stuck);
                Engine idle = start(test, 4, named("w", context -> {}))) {
            List<UUID> ids = new ArrayList<>();
            busy.submit("w", Map.of());
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread submitter = new Thread(() -> {
                    for (int j = 0; j < 40; j++) {
                        UUID id = busy.submit("w", Map.of());
                        synchronized (ids) {
                            ids.add(id);
                        }
                    }
                });
                submitters.add(submitter);
                submitter.start();
            }
            for (Thread submitter : submitters) {
                EngineParts.until("all are submitted", () -> !submitter.isAlive());
            }
            // The one that is stuck may have taken the very first of them instead.
            EngineParts.within(
                    Duration.ofSeconds(20),
                    "all but one have ended",
                    () -> idle.list(ExecutionQuery.all().workflow("w").unfinished())
                                    .size()
                            == 1);
        }
    }

    @DatabaseTest
    void what_one_submits_and_does_not_run_the_other_takes(TestDatabase test) {
        AtomicInteger ran = new AtomicInteger();
        WorkflowDefinition rare = named("rare", context -> ran.incrementAndGet());
        try (Engine runs = start(test, 4, rare);
                ManualEngine has =
                        Engine.builder(test.url()).workflow(rare).buildManual().start()) {
            // The one by hand submits and runs nothing.
            for (int i = 0; i < 5; i++) {
                assertThat(runs.await(has.engine().submit("rare", Map.of()), PROMPT))
                        .isPresent();
            }
        }
        assertThat(ran).hasValue(5);
    }

    @DatabaseTest
    void who_waits_in_one_wakes_for_what_the_other_ended(TestDatabase test) {
        CountDownLatch let = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        WorkflowDefinition workflow = named("w", context -> {
            inside.countDown();
            let.await();
        });
        try (Engine waits = start(test, 1, named("other", context -> {}));
                Engine runs = start(test, 1, workflow)) {
            UUID id = runs.submit("w", Map.of());
            EngineParts.await(inside);
            AtomicBoolean woken = new AtomicBoolean();
            Thread waiting =
                    new Thread(() -> woken.set(waits.await(id, EngineParts.LONG).isPresent()));
            waiting.start();
            let.countDown();
            EngineParts.within(PROMPT, "it wakes", woken::get);
        }
    }

    @DatabaseTest
    void a_body_in_one_is_interrupted_when_the_other_cancels(TestDatabase test) {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        WorkflowDefinition workflow = named("w", context -> {
            inside.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
        });
        try (Engine runs = start(test, 1, workflow);
                Engine cancels = start(test, 1, named("other", context -> {}))) {
            UUID id = runs.submit("w", Map.of());
            EngineParts.await(inside);

            cancels.cancel(id);

            EngineParts.within(Duration.ofSeconds(10), "the body is interrupted", interrupted::get);
            assertThat(runs.await(id, PROMPT))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.CANCELLED);
            // Its slot is free again.
            assertThat(runs.await(runs.submit("w", Map.of()), Duration.ofMillis(1)))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void what_was_due_in_one_that_left_is_done_by_the_other(TestDatabase test) {
        AtomicInteger ran = new AtomicInteger();
        WorkflowDefinition workflow = named("w", context -> ran.incrementAndGet());
        UUID id;
        try (Engine stays = start(test, 1, workflow)) {
            try (Engine leaves = start(test, 1, workflow)) {
                id = leaves.submit(Submission.of("w").delay(Duration.ofMillis(700)));
            }
            assertThat(stays.await(id, Duration.ofSeconds(10))).isPresent();
            assertThat(ran).hasValue(1);
        }
    }

    @DatabaseTest
    void without_notifications_polling_is_enough(TestDatabase test) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        // Connections that are no driver's own are told nothing on PostgreSQL.
        FaultyConnections unnotified = new FaultyConnections(test, number -> FaultyConnections.Fate.FINE);
        try (Engine looks = Engine.builder(unnotified)
                        .workflow(named("w", context -> {}))
                        .pollInterval(Duration.ofMillis(50))
                        .start();
                Engine busy = start(test, 1, named("w", context -> {
                    inside.countDown();
                    never.await();
                }))) {
            busy.submit("w", Map.of());
            EngineParts.await(inside);
            for (int i = 0; i < 5; i++) {
                assertThat(looks.await(busy.submit("w", Map.of()), PROMPT)).isPresent();
            }
        }
    }
}
