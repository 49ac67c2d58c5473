package io.cloacina.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.TaskRun;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicrometerMetricsTest {
    private static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .task(
                    "pay",
                    context -> {
                        if (context.attempt() == 1) {
                            throw new IllegalStateException("the bank is away");
                        }
                        context.output("paid");
                    },
                    task -> task.retry(RetryPolicy.fixed(2, Duration.ofMillis(1))))
            .task(
                    "ship",
                    context -> {
                        throw new IllegalStateException("no truck");
                    },
                    task -> task.after("pay").retry(RetryPolicy.NONE))
            .task("thank", context -> {}, task -> task.after("ship"))
            .build();

    @Test
    void events_that_were_dropped_are_counted() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        MicrometerMetrics metrics = MicrometerMetrics.of(registry);
        EngineEvent event = new EngineEvent.ExecutionPaused(UUID.randomUUID(), "order", Instant.EPOCH);
        metrics.dropped(event);
        metrics.dropped(event);
        assertThat(count(registry, "cloacina.events.dropped")).isEqualTo(2);
    }

    @DatabaseTest
    void every_change_is_counted_once(TestDatabase database) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Engine engine = Engine.builder(database.url())
                .metrics(MicrometerMetrics.of(registry))
                .workflow(ORDER)
                .start()) {
            engine.await(engine.submit("order", Map.of()));
            engine.await(engine.submit("order", Map.of()));
        }
        assertThat(count(registry, "cloacina.executions.submitted", "workflow", "order"))
                .isEqualTo(2);
        assertThat(count(registry, "cloacina.executions.ended", "workflow", "order", "status", "failed"))
                .isEqualTo(2);
        assertThat(count(registry, "cloacina.tasks.ended", "task", "pay", "outcome", "completed"))
                .isEqualTo(2);
        assertThat(count(registry, "cloacina.tasks.ended", "task", "ship", "outcome", "failed"))
                .isEqualTo(2);
        assertThat(count(registry, "cloacina.tasks.ended", "task", "thank", "outcome", "skipped"))
                .isEqualTo(2);
        assertThat(count(registry, "cloacina.tasks.retried", "task", "pay")).isEqualTo(2);
        assertThat(timed(registry, "cloacina.task.wait", "task", "pay"))
                .as("each attempt waits")
                .isEqualTo(4);
        assertThat(timed(registry, "cloacina.task.run", "task", "pay", "outcome", "retried"))
                .isEqualTo(2);
        assertThat(timed(registry, "cloacina.task.run", "task", "pay", "outcome", "completed"))
                .isEqualTo(2);
        assertThat(timed(registry, "cloacina.execution.duration", "workflow", "order", "status", "failed"))
                .isEqualTo(2);
        assertThat(registry.get("cloacina.context.bytes").summary().totalAmount())
                .isPositive();
        assertThat(registry.get("cloacina.commit").timer().count()).isPositive();
        assertThat(registry.get("cloacina.commit.batch.size").summary().max()).isPositive();
    }

    @DatabaseTest
    void gauges_tell_of_the_engine_and_of_the_database(TestDatabase database) throws InterruptedException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .task("wait", context -> {
                    begun.countDown();
                    end.await();
                })
                .build();
        try (Engine engine = Engine.builder(database.url())
                .metrics(MicrometerMetrics.of(registry))
                .slots(3)
                .workflow(slow)
                .start()) {
            while (Double.isNaN(gauge(registry, "cloacina.executions.stranded"))) {
                LockSupport.parkNanos(2_000_000); // the first look at the database is under way
            }
            assertThat(gauge(registry, "cloacina.executions.stranded")).isZero();
            assertThat(gauge(registry, "cloacina.ready.count")).isZero();
            engine.submit("slow", Map.of());
            begun.await();
            assertThat(gauge(registry, "cloacina.slots", "state", "used")).isEqualTo(1);
            assertThat(gauge(registry, "cloacina.slots", "state", "free")).isEqualTo(2);
            assertThat(gauge(registry, "cloacina.lease.age")).isBetween(0.0, 60.0);
            end.countDown();
        }
        assertThat(registry.find("cloacina.slots").gauges())
                .as("gauges of an engine that is stopped")
                .isEmpty();
    }

    @Test
    void tasks_beyond_the_first_500_are_one_series() {
        Names names = new Names();
        for (int i = 0; i < Names.MOST; i++) {
            assertThat(names.bounded("w", "task" + i)).isEqualTo("task" + i);
        }
        assertThat(names.bounded("w", "one more")).isEqualTo(Names.OTHER);
        assertThat(names.bounded("w", "task7")).isEqualTo("task7");
    }

    @DatabaseTest
    void the_runs_for_elements_are_one_series(TestDatabase database) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        WorkflowDefinition resizing = WorkflowDefinition.named("resizing")
                .task("resize", context -> context.output(context.elementIndex()), task -> task.forEach("images"))
                .build();
        try (Engine engine = Engine.builder(database.url())
                .metrics(MicrometerMetrics.of(registry))
                .workflow(resizing)
                .start()) {
            engine.await(engine.submit("resizing", Map.of("images", List.of("a", "b", "c"))));
        }
        assertThat(registry.get("cloacina.tasks.ended").counters())
                .extracting(counter -> counter.getId().getTag("task"))
                .containsOnly("resize");
        assertThat(registry.get("cloacina.task.run").timers())
                .extracting(timer -> timer.getId().getTag("task"))
                .containsOnly("resize");
    }

    @Test
    void times_are_those_of_the_events() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        MicrometerMetrics metrics = MicrometerMetrics.of(registry);
        UUID id = UUID.randomUUID();
        Instant ready = Instant.parse("2026-01-01T00:00:00Z");
        TaskRun run = new TaskRun(0, UUID.randomUUID(), ready, ready.plusSeconds(3));
        metrics.event(new EngineEvent.TaskStarted(id, "order", "pay", 1, run, ready.plusSeconds(4)));
        metrics.event(new EngineEvent.TaskRetried(
                id, "order", "pay", 1, run, new IllegalStateException("away"), ready.plusSeconds(5)));
        metrics.event(new EngineEvent.TaskCompleted(id, "order", "pay", 2, run, ready.plusSeconds(10)));
        metrics.event(new EngineEvent.TaskFailed(
                id, "order", "ship", 0, null, new IllegalStateException("no rule"), ready.plusSeconds(10)));
        metrics.event(new EngineEvent.ExecutionEnded(
                id, "order", ExecutionStatus.FAILED, ready.minusSeconds(20), ready.plusSeconds(10)));

        assertThat(seconds(registry, "cloacina.task.wait", "workflow", "order", "task", "pay"))
                .isEqualTo(4);
        assertThat(seconds(registry, "cloacina.task.run", "task", "pay", "outcome", "retried"))
                .isEqualTo(2);
        assertThat(seconds(registry, "cloacina.task.run", "task", "pay", "outcome", "completed"))
                .isEqualTo(7);
        assertThat(registry.find("cloacina.task.run").tag("task", "ship").timer())
                .as("a task that did not run")
                .isNull();
        assertThat(seconds(registry, "cloacina.execution.duration", "workflow", "order", "status", "failed"))
                .isEqualTo(30);
    }

    @Test
    void a_clock_that_was_set_back_gives_no_negative_times() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        MicrometerMetrics.of(registry)
                .event(new EngineEvent.ExecutionEnded(
                        UUID.randomUUID(),
                        "order",
                        ExecutionStatus.COMPLETED,
                        Instant.EPOCH.plusSeconds(9),
                        Instant.EPOCH));
        assertThat(registry.get("cloacina.execution.duration").timer().count()).isEqualTo(1);
        assertThat(seconds(registry, "cloacina.execution.duration")).isZero();
    }

    @DatabaseTest
    void metrics_that_fail_change_nothing(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url())
                .metrics(new Failing())
                .workflow(
                        WorkflowDefinition.named("one").task("a", context -> {}).build())
                .start()) {
            assertThat(engine.await(engine.submit("one", Map.of())).error()).isNull();
        }
    }

    @DatabaseTest
    void prometheus_finds_what_the_alerts_and_the_dashboard_ask_for(TestDatabase database) throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Engine engine = Engine.builder(database.url())
                .metrics(MicrometerMetrics.of(registry, Tags.of("application", "shop")))
                .workflow(ORDER)
                .start()) {
            engine.await(engine.submit("order", Map.of()));
            String exposition = registry.scrape();
            while (!exposition.contains("cloacina_execution_duration_seconds_count{")) { // the last to be recorded
                exposition = registry.scrape();
            }
            String scraped = exposition;
            assertThat(MonitoringFiles.metrics("cloacina-alerts.yml"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(scraped).contains("\n" + name + "{"));
            assertThat(MonitoringFiles.metrics("cloacina-dashboard.json"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(scraped).contains("\n" + name + "{"));
        }
    }

    private static double count(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private static long timed(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).timer().count();
    }

    private static double seconds(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).timer().totalTime(TimeUnit.SECONDS);
    }

    private static double gauge(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }
}
