package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed at each point of a task's life while another one lives: that one goes on, at once, and what was
 * committed is not done again.
 */
@Timeout(120)
class KillPointsTest {
    /** Above what it takes to notice (a look each quarter of a second) on a busy machine, and far below the lease. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Where the child stops for ever. */
    enum Point {
        AFTER_CLAIM(2),
        IN_BODY(2),
        BEFORE_COMMIT(2),
        AFTER_COMMIT(1),
        IN_TRANSACTION(2),
        AFTER_TRANSACTION(1);

        private final int attempts;

        Point(int attempts) {
            this.attempts = attempts;
        }

        private boolean isTransactional() {
            return this == IN_TRANSACTION || this == AFTER_TRANSACTION;
        }
    }

    private static WorkflowDefinition workflow(boolean isTransactional, Runnable atEnd) {
        return WorkflowDefinition.named("pay")
                .version("1")
                .task(
                        "pay",
                        context -> {
                            context.put("paid", context.attempt());
                            if (isTransactional) {
                                pay(context.connection(), context.attempt());
                            }
                            atEnd.run();
                        },
                        task -> {
                            if (isTransactional) {
                                task.transactional();
                            }
                        })
                .task(
                        "tell",
                        context -> context.put("told", context.get("paid", Integer.class)),
                        task -> task.after("pay"))
                .build();
    }

    private static void pay(Connection connection, int attempt) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO payments (attempt) VALUES (?)")) {
            insert.setInt(1, attempt);
            insert.executeUpdate();
        }
    }

    private static void say(Point point, String what) {
        System.out.println(point + " " + what);
        System.out.flush();
    }

    private static void hang() {
        try {
            NEVER.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The child: on each database it submits one execution and stops at another point. The kill of one process is that of all. */
    static final class Victim {
        public static void main(String[] arguments) {
            Point[] points = Point.values();
            for (int i = 0; i < points.length; i++) {
                new Victim(arguments[i], points[i]).run();
            }
            hang();
        }

        private final String url;
        private final Point point;

        private Victim(String url, Point point) {
            this.url = url;
            this.point = point;
        }

        private void run() {
            switch (point) {
                case AFTER_CLAIM -> claimAndRunNothing();
                case IN_BODY, IN_TRANSACTION -> submit(this::stop, event -> {});
                case BEFORE_COMMIT -> endWhileTheLaneIsHeld();
                case AFTER_COMMIT, AFTER_TRANSACTION -> submit(() -> {}, this::stopWhenPaid);
            }
        }

        private void submit(Runnable atEnd, EngineListener listener) {
            Engine engine = Engine.builder(url)
                    .workflow(workflow(point.isTransactional(), atEnd))
                    .listener(listener)
                    .slots(1)
                    .start();
            say(point, "id " + engine.submit("pay", Map.of()));
        }

        /** By hand a body runs when it is asked for: until then the task is claimed and not begun. */
        private void claimAndRunNothing() {
            EngineRuntime runtime = EngineParts.on(url, true, workflow(false, () -> {}));
            runtime.lanes().claim(true);
            say(point, "id " + new Engine(runtime).submit("pay", Map.of()));
            say(point, "there");
        }

        /** The end of the attempt waits in the lane behind a write that never ends. */
        private void endWhileTheLaneIsHeld() {
            CountDownLatch held = new CountDownLatch(1);
            WorkflowDefinition workflow = workflow(false, () -> {
                EngineParts.await(held);
                say(point, "there");
            });
            EngineRuntime runtime = EngineParts.on(url, false, workflow);
            UUID id = new Engine(runtime).submit("pay", Map.of());
            say(point, "id " + id);
            new Thread(() -> runtime.lanes().call(UniversalUuid.of(id), work -> {
                        held.countDown();
                        hang();
                        return id;
                    }))
                    .start();
        }

        private void stop() {
            say(point, "there");
            hang();
        }

        private void stopWhenPaid(EngineEvent event) {
            if (event instanceof EngineEvent.TaskCompleted completed
                    && completed.taskName().equals("tell")) {
                stop();
            }
        }
    }

    /** One that lives, with its own database; it has no room for what the victim shall have until that one is killed. */
    private static final class Survivor implements AutoCloseable {
        private final Point point;
        private final TestDatabase test;
        private final CountDownLatch killed = new CountDownLatch(1);
        private final Engine engine;

        Survivor(Backend backend, Point point) {
            this.point = point;
            this.test = TestDatabase.create(backend);
            test.migrated();
            EngineParts.execute(test, "CREATE TABLE payments (attempt INTEGER NOT NULL)");
            CountDownLatch busy = new CountDownLatch(1);
            WorkflowDefinition other = WorkflowDefinition.named("other")
                    .task("keeps-its-slot", context -> {
                        busy.countDown();
                        EngineParts.await(killed);
                    })
                    .build();
            engine = Engine.builder(test.url())
                    .workflow(workflow(point.isTransactional(), () -> {}))
                    .workflow(other)
                    .slots(1)
                    .pollInterval(Duration.ofHours(1))
                    .start();
            engine.submit("other", Map.of());
            EngineParts.await(busy);
        }

        void assertGoesOn(UUID id) {
            assertThat(engine.await(id, SOON))
                    .as("noticed at once: %s", point)
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("told", Integer.class))
                    .as("%s", point)
                    .isEqualTo(point.attempts);
            TaskExecution pay = engine.tasks(id).get(0);
            assertThat(pay.status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(pay.attempt()).as("%s", point).isEqualTo(point.attempts);
            assertThat(pay.recoveries()).as("%s", point).isEqualTo(point.attempts - 1);
            assertThat(engine.recoveries(id)).as("%s", point).hasSize(point.attempts - 1);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM task_execution_metadata"))
                    .as("one output for each task: %s", point)
                    .isEqualTo(2);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM payments"))
                    .as("%s", point)
                    .isEqualTo(point.isTransactional() ? 1 : 0);
            if (point.isTransactional()) {
                assertThat(EngineParts.count(test, "SELECT attempt FROM payments"))
                        .as("%s", point)
                        .isEqualTo(point.attempts);
            }
            EngineParts.within(
                    SOON,
                    "the dead runner is removed: " + point,
                    () -> EngineParts.count(test, "SELECT count(*) FROM runners") == 1);
        }

        @Override
        public void close() {
            killed.countDown();
            engine.close();
            test.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_process_goes_on_at_once_wherever_one_is_killed(Backend backend) {
        List<Survivor> survivors = new ArrayList<>();
        try {
            for (Point point : Point.values()) {
                survivors.add(new Survivor(backend, point));
            }
            Map<Point, UUID> ids = new EnumMap<>(Point.class);
            String[] urls =
                    survivors.stream().map(survivor -> survivor.test.url()).toArray(String[]::new);
            try (Child victim = Child.start(Victim.class, urls)) {
                for (Point point : Point.values()) {
                    ids.put(point, UUID.fromString(victim.said(point + " id ")));
                    victim.said(point + " there");
                }
            }
            survivors.forEach(survivor -> survivor.killed.countDown());
            survivors.forEach(survivor -> survivor.assertGoesOn(Objects.requireNonNull(ids.get(survivor.point))));
        } finally {
            survivors.forEach(Survivor::close);
        }
    }
}
