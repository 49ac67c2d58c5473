package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.Schedule;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** Clocks that are set by hours, on or back, in one process or in several. */
@Timeout(60)
class ClocksTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<Duration> LEAPS = List.of(
            Duration.ofHours(5),
            Duration.ofHours(-5),
            Duration.ofDays(400),
            Duration.ofDays(-400),
            Duration.ofHours(1));

    private static WorkflowDefinition work(TaskBody body) {
        return WorkflowDefinition.named("work").version("1").task("t", body).build();
    }

    @DatabaseTest
    void a_body_that_runs_is_run_by_nobody_else_whatever_the_clock_of_another_process_says(TestDatabase database) {
        AtomicInteger bodies = new AtomicInteger();
        List<TestEngine> others = new ArrayList<>();
        WorkflowDefinition workflow = work(context -> {
            if (bodies.incrementAndGet() == 1) {
                for (Duration leap : LEAPS) {
                    others.get(0).clock().set(ManualClock.DEFAULT_START.plus(leap));
                    others.get(0).tick();
                }
            }
        });
        try (TestEngine engine =
                        TestEngine.on(database.url()).workflow(workflow).start();
                TestEngine other =
                        TestEngine.on(database.url()).workflow(workflow).start()) {
            others.add(other);
            UUID id = engine.run("work").id();

            assertThat(bodies).hasValue(1);
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().recoveries(id)).isEmpty();
        }
    }

    @DatabaseTest
    void a_clock_that_is_set_while_bodies_run_takes_nothing_from_their_engine(TestDatabase database)
            throws InterruptedException {
        AtomicInteger bodies = new AtomicInteger();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        ManualClock clock = new ManualClock();
        WorkflowDefinition workflow = work(context -> {
            bodies.incrementAndGet();
            inside.countDown();
            let.await();
        });
        try (Engine engine = Engine.builder(database.url())
                        .workflow(workflow)
                        .clock(clock)
                        .start();
                TestEngine other = TestEngine.on(database.url())
                        .workflow(workflow)
                        .clock(clock)
                        .start()) {
            UUID id = engine.submit("work", java.util.Map.of());
            assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
            for (Duration leap : LEAPS) {
                clock.set(ManualClock.DEFAULT_START.plus(leap));
                other.tick();
            }
            let.countDown();

            assertThat(engine.await(id)).isCompleted();
            assertThat(bodies).hasValue(1);
            assertThat(engine.recoveries(id)).isEmpty();
        }
    }

    @DatabaseTest
    void an_occurrence_is_run_once_by_two_processes_whose_clocks_leap(TestDatabase database) {
        WorkflowDefinition workflow = work(context -> {});
        try (TestEngine one = TestEngine.on(database.url()).workflow(workflow).start();
                TestEngine two =
                        TestEngine.on(database.url()).workflow(workflow).start()) {
            one.engine().schedules().put(Schedule.of("hourly", "work").cron("0 * * * *"));
            for (int hours : new int[] {1, -3, 4, 2, -100, 4, 5, 3, 6}) {
                one.clock().set(ManualClock.DEFAULT_START.plus(Duration.ofHours(hours)));
                one.tick();
                two.clock().set(ManualClock.DEFAULT_START.minus(Duration.ofHours(hours)));
                two.tick();
            }

            List<Instant> times = one.engine().schedules().history("hourly", 1_000).stream()
                    .map(Occurrence::scheduledAt)
                    .toList();
            assertThat(times).doesNotHaveDuplicates().hasSizeGreaterThan(3);
            assertThat(Rows.texts(database, "SELECT COUNT(*) FROM pipeline_executions"))
                    .containsExactly(String.valueOf(times.size()));
        }
    }

    @DatabaseTest
    void a_rate_goes_on_a_minute_after_the_clock_was_set_back_by_hours(TestDatabase database) {
        AtomicInteger started = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("bounded")
                .version("1")
                .task("t", context -> started.incrementAndGet(), task -> task.limit(Limit.starts(2, MINUTE)))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            IntStream.range(0, 6).forEach(i -> engine.submit("bounded"));
            engine.tick();
            assertThat(started).hasValue(2);
            engine.clock().set(ManualClock.DEFAULT_START.minus(Duration.ofHours(5)));
            engine.tick();
            assertThat(started).as("not one more in this minute").hasValue(2);
            engine.advance(MINUTE);
            assertThat(started).hasValue(4);
            engine.advance(MINUTE);
            assertThat(started).hasValue(6);
        }
    }

    @DatabaseTest
    void an_execution_completes_while_the_clock_is_set_on_and_back_between_its_attempts(TestDatabase database) {
        ManualClock clock = new ManualClock();
        WorkflowDefinition workflow = WorkflowDefinition.named("again")
                .version("1")
                .task(
                        "t",
                        context -> {
                            clock.set(ManualClock.DEFAULT_START.plus(LEAPS.get(context.attempt())));
                            if (context.attempt() < 4) {
                                throw new IllegalStateException("as it should");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(4, Duration.ZERO)))
                .task("after", context -> {}, task -> task.after("t"))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).clock(clock).start()) {
            assertThat(engine, engine.run("again").id()).isCompleted();
        }
    }
}
