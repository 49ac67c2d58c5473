package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** Limits on what runs at once and on what starts in a time. */
@Timeout(60)
class ClaimLimitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Counts what runs at once, for each customer. */
    private static final class Gauge {
        private final Map<String, AtomicInteger> now = new ConcurrentHashMap<>();
        private final Map<String, Integer> most = new ConcurrentHashMap<>();

        TaskBody body() {
            return context -> {
                String customer = context.find("customer", String.class).orElse("");
                AtomicInteger running = now.computeIfAbsent(customer, absent -> new AtomicInteger());
                most.merge(customer, running.incrementAndGet(), Math::max);
                Thread.sleep(3);
                running.decrementAndGet();
            };
        }
    }

    private static WorkflowDefinition working(TaskBody body, Limit... limits) {
        return WorkflowDefinition.named("working")
                .version("1")
                .task("begin", context -> {})
                .task("work", body, task -> {
                    task.after("begin");
                    for (Limit limit : limits) {
                        task.limit(limit);
                    }
                })
                .build();
    }

    @DatabaseTest
    void no_more_run_at_once_than_a_limit_allows_in_two_engines_together(TestDatabase database) {
        Gauge gauge = new Gauge();
        WorkflowDefinition workflow = working(gauge.body(), Limit.atMost(2).per("customer"));
        try (Engine one = Engine.builder(database.url()).workflow(workflow).start();
                Engine other = Engine.builder(database.url()).workflow(workflow).start()) {
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Engine engine = i % 2 == 0 ? one : other;
                ids.add(engine.submit("working", Map.of("customer", "c" + i % 3)));
            }
            ids.forEach(id -> assertThat(one.await(id)).isCompleted());
        }
        assertThat(gauge.most).hasSize(3);
        assertThat(gauge.most.values()).allMatch(most -> most <= 2);
    }

    @DatabaseTest
    void executions_are_bounded_as_a_whole(TestDatabase database) {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("whole")
                .version("1")
                .limit(Limit.atMost(2))
                .task("first", context -> most.accumulateAndGet(now.incrementAndGet(), Math::max))
                .task("middle", context -> Thread.sleep(2), task -> task.after("first"))
                .task("last", context -> now.decrementAndGet(), task -> task.after("middle"))
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(workflow).start()) {
            List<UUID> ids = IntStream.range(0, 30)
                    .mapToObj(i -> engine.submit("whole", Map.of()))
                    .toList();
            ids.forEach(id -> assertThat(engine.await(id)).isCompleted());
        }
        assertThat(most.get()).isBetween(1, 2);
    }

    @DatabaseTest
    void in_any_time_no_more_start_than_a_rate_allows_retries_too(TestDatabase database) {
        AtomicInteger starts = new AtomicInteger();
        TaskBody body = context -> {
            if (starts.incrementAndGet() == 2) {
                throw new IllegalStateException("once");
            }
        };
        WorkflowDefinition workflow = WorkflowDefinition.named("calling")
                .version("1")
                .task(
                        "call",
                        body,
                        task -> task.limit(Limit.starts(3, MINUTE)).retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            List<UUID> ids = IntStream.range(0, 6)
                    .mapToObj(i -> engine.submit("calling"))
                    .toList();
            engine.tick();
            assertThat(starts).hasValue(3);
            engine.advance(MINUTE.minusMillis(1));
            assertThat(starts).hasValue(3);
            engine.advance(Duration.ofMillis(1));
            assertThat(starts).hasValue(6);
            engine.advance(MINUTE);
            assertThat(starts).hasValue(7);
            ids.forEach(id -> assertThat(engine, id).isCompleted());
        }
    }

    @DatabaseTest
    void a_full_key_holds_up_no_other(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("mail")
                .version("1")
                .task(
                        "send",
                        context -> ran.add(context.get("to", String.class)),
                        task -> task.limit(Limit.starts(1, MINUTE).per("to")))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            for (int i = 0; i < 250; i++) {
                engine.submit("mail", Map.of("to", "busy"));
            }
            engine.submit("mail", Map.of("to", "quiet"));
            engine.tick();
            assertThat(ran).containsExactly("busy", "quiet");
            engine.advance(MINUTE);
            assertThat(ran).containsExactly("busy", "quiet", "busy");
        }
    }

    @DatabaseTest
    void an_execution_counts_whose_signal_was_there_before_it_began(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("asked")
                .version("1")
                .limit(Limit.atMost(1))
                .task("begin", context -> {}, task -> task.signal("go"))
                .task("end", context -> {}, task -> task.after("begin").signal("done"))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            UUID one = engine.submit("asked");
            UUID other = engine.submit("asked");
            engine.engine().signal(one, "go", null);
            engine.engine().signal(other, "go", null);
            engine.tick();
            assertThat(engine, one).hasTask("end").waiting();
            assertThat(engine, other).hasTask("begin").ready();

            engine.engine().signal(one, "done", null);
            engine.tick();
            assertThat(engine, one).isCompleted();
            assertThat(engine, other).hasTask("end").waiting();
        }
    }

    @DatabaseTest
    void a_wait_before_the_body_does_not_count(TestDatabase database) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("waiting")
                .version("1")
                .task(
                        "work",
                        context -> runs.incrementAndGet(),
                        task -> task.signal("go").limit(Limit.starts(1, MINUTE)))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            UUID one = engine.submit("waiting");
            UUID other = engine.submit("waiting");
            engine.engine().signal(other, "go", null);
            engine.tick();
            assertThat(runs).hasValue(1);
            engine.engine().signal(one, "go", null);
            engine.tick();
            assertThat(runs).hasValue(1);
            engine.advance(MINUTE);
            assertThat(engine, one).isCompleted();
        }
    }

    @DatabaseTest
    void a_long_value_is_a_key_like_any_other(TestDatabase database) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("long")
                .version("1")
                .task(
                        "work",
                        context -> runs.incrementAndGet(),
                        task -> task.limit(Limit.starts(1, MINUTE).per("text")))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            for (String text : List.of("é".repeat(50_000), "é".repeat(50_000), "é".repeat(50_001))) {
                engine.submit("long", Map.of("text", text));
            }
            engine.tick();
            assertThat(runs).hasValue(2);
            engine.advance(MINUTE);
            assertThat(runs).hasValue(3);
        }
    }

    @DatabaseTest
    void all_that_a_limit_allows_begin_while_none_has_ended(TestDatabase database) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(45);
        CountDownLatch go = new CountDownLatch(1);
        WorkflowDefinition workflow = WorkflowDefinition.named("filled")
                .version("1")
                .task(
                        "work",
                        context -> {
                            begun.countDown();
                            go.await();
                        },
                        task -> task.limit(Limit.atMost(45)))
                .build();
        // Nobody polls: what is not claimed now is not claimed before an end.
        try (Engine engine = Engine.builder(database.url())
                .workflow(workflow)
                .slots(100)
                .pollInterval(Duration.ofHours(1))
                .start()) {
            // Together, so that no end of another task gives a reason to look again.
            List<UUID> ids = engine.submitAll(Collections.nCopies(60, Submission.of("filled")));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            go.countDown();
            ids.forEach(id -> assertThat(engine.await(id)).isCompleted());
        }
    }
}
