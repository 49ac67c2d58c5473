package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.FaultyConnections.Fate;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** Each commit of a story is lost once, and once only its answer: the story ends as it does without that. */
@Timeout(240)
class LostCommitsTest {
    private static final int STORY_IS_SHORT = 60;

    /** The executions whose body has run: an attempt may have been claimed, the answer lost, and another follow. */
    private static final Set<UUID> TRIED = ConcurrentHashMap.newKeySet();

    /** Pays at the second try, waits, and gives the money back if that is stopped. */
    private static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .version("1")
            .task(
                    "pay",
                    context -> {
                        if (TRIED.add(context.executionId())) {
                            throw new IllegalStateException("at first");
                        }
                    },
                    task -> task.retry(RetryPolicy.fixed(5, Duration.ZERO)))
            .task("wait", context -> {}, task -> task.after("pay").signal("never"))
            .task(
                    "refund",
                    context -> {},
                    task -> task.after("wait").when(TriggerRule.all(TriggerCondition.taskFailed("wait"))))
            .build();

    /** Counts to three, each number in an execution of its own. */
    private static final WorkflowDefinition COUNTER = WorkflowDefinition.named("counter")
            .version("1")
            .task("count", context -> {
                int number = context.find("number", Integer.class).orElse(1);
                if (number < 3) {
                    context.continueAs(Map.of("number", number + 1));
                }
            })
            .build();

    private static final WorkflowDefinition BROKEN = WorkflowDefinition.named("broken")
            .version("1")
            .task("break", context -> {
                throw new IllegalStateException("broken");
            })
            .build();

    /** What one run of a story has to do with: everything in it happens in the thread of the test. */
    private record Story(ManualEngine manual, EngineParts.SetClock clock, FaultyConnections source) {
        Engine engine() {
            return manual.engine();
        }

        /** What follows only looks. */
        void isOver() {
            source.disarm();
        }

        /** What was held when an answer was lost is found by the tick after it; a tick that fails is done again. */
        void tick() {
            for (int left = 2; left > 0; ) {
                try {
                    manual.tick();
                    left--;
                } catch (DatabaseException e) {
                    assertThat(e.kind()).isEqualTo(ErrorKind.CONNECTION);
                }
            }
        }
    }

    /** Runs the story again and again, and loses one commit more of it each time. */
    private static void loseEach(TestDatabase test, Consumer<Story> story) {
        Fate[] fate = {Fate.FINE};
        AtomicInteger lost = new AtomicInteger();
        FaultyConnections source = new FaultyConnections(test, number -> number == lost.get() ? fate[0] : Fate.FINE);
        EngineParts.SetClock clock = new EngineParts.SetClock();
        try (ManualEngine manual = Engine.builder(source)
                .workflow(ORDER)
                .workflow(COUNTER)
                .workflow(BROKEN)
                .alerts()
                .clock(clock)
                .buildManual()
                .start()) {
            // Connections to PostgreSQL take long to open: there only what is harder.
            List<Fate> fates =
                    test.backend() == Backend.SQLITE ? List.of(Fate.LOST, Fate.ANSWER_LOST) : List.of(Fate.ANSWER_LOST);
            for (Fate each : fates) {
                fate[0] = each;
                int commits = Integer.MAX_VALUE;
                for (int number = 1; number <= commits; number++) {
                    int before = source.commits();
                    lost.set(before + number);
                    source.arm();
                    try {
                        story.accept(new Story(manual, clock, source));
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError(each + " at commit " + number + ": " + e.getMessage(), e);
                    }
                    commits = source.commits() - before;
                    assertThat(EngineParts.count(
                                    test, "SELECT count(*) FROM task_executions WHERE claimed_by IS NOT NULL"))
                            .as("claims after %s at commit %s", each, number)
                            .isZero();
                }
                assertThat(commits).isBetween(4, STORY_IS_SHORT);
            }
        }
    }

    private static void assertRefunded(Engine engine, UUID id, ExecutionStatus status) {
        List<TaskExecution> tasks = engine.tasks(id);
        assertThat(engine.find(id).orElseThrow().status()).isEqualTo(status);
        assertThat(tasks)
                .extracting(TaskExecution::status)
                .containsExactly(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.COMPLETED);
        List<TaskAttempt> paid = engine.attempts(id).stream()
                .filter(attempt -> attempt.taskName().equals("pay"))
                .toList();
        assertThat(paid).extracting(TaskAttempt::attempt).doesNotHaveDuplicates();
        assertThat(paid).last().extracting(TaskAttempt::outcome).isEqualTo(AttemptOutcome.COMPLETED);
        assertThat(paid)
                .filteredOn(attempt -> attempt.outcome() == AttemptOutcome.FAILED)
                .hasSize(1);
    }

    @DatabaseTest
    void an_alert_fires_once_and_is_resolved_once(TestDatabase test) throws IOException {
        Set<String> received = ConcurrentHashMap.newKeySet();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                received.add(exchange.getRequestHeaders().getFirst("webhook-id"));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        receiver.start();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
        AlertRule rule = AlertRule.failureRate("failing", url, "broken", 0, 1, Duration.ofHours(1));
        try {
            loseEach(test, story -> {
                received.clear();
                story.engine().alerts().put(rule);
                story.engine().submit("broken", Map.of());
                story.tick();
                story.tick();
                story.clock().advance(Duration.ofHours(2));
                story.tick();
                story.tick();
                story.isOver();

                assertThat(story.engine().alerts().find("failing").orElseThrow().isFiring())
                        .isFalse();
                assertThat(received).as("messages").hasSize(2);
                story.engine().alerts().delete("failing");
            });
        } finally {
            receiver.stop(0);
        }
    }

    @DatabaseTest
    void a_deadline_passes_once(TestDatabase test) {
        loseEach(test, story -> {
            UUID id = story.engine().submit(Submission.of("order").deadline(Duration.ofHours(1)));
            story.tick();
            story.clock().advance(Duration.ofHours(1));
            story.tick();
            story.isOver();

            assertRefunded(story.engine(), id, ExecutionStatus.FAILED);
        });
    }

    @DatabaseTest
    void a_cancellation_with_compensation_happens_once(TestDatabase test) {
        loseEach(test, story -> {
            UUID id = story.engine().submit("order", Map.of());
            story.tick();
            story.engine().cancel(id, Cancel.withCompensation());
            story.tick();
            story.isOver();

            assertRefunded(story.engine(), id, ExecutionStatus.CANCELLED);
        });
    }

    @DatabaseTest
    void a_successor_is_submitted_once(TestDatabase test) {
        List<UUID> counted = new ArrayList<>();
        loseEach(test, story -> {
            UUID id = story.engine().submit("counter", Map.of());
            counted.add(id);
            story.tick();
            story.isOver();

            List<Execution> all =
                    story.engine().list(ExecutionQuery.all().workflow("counter").limit(1_000));
            assertThat(all).hasSize(3 * counted.size());
            assertThat(all).extracting(Execution::status).containsOnly(ExecutionStatus.COMPLETED);
        });
    }
}
