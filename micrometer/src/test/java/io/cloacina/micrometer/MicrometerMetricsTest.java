package io.cloacina.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
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
            engine.submit("slow", Map.of());
            begun.await();
            assertThat(gauge(registry, "cloacina.slots", "state", "used")).isEqualTo(1);
            assertThat(gauge(registry, "cloacina.slots", "state", "free")).isEqualTo(2);
            assertThat(gauge(registry, "cloacina.lease.age")).isBetween(0.0, 60.0);
            while (Double.isNaN(gauge(registry, "cloacina.executions.stranded"))) {
                Thread.onSpinWait(); // the first look at the database is under way
            }
            assertThat(gauge(registry, "cloacina.executions.stranded")).isZero();
            assertThat(gauge(registry, "cloacina.ready.count")).isZero();
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

    @Test
    void the_runs_for_elements_are_one_series() {
        assertThat(new Names().bounded("w", "resize[17]")).isEqualTo("resize");
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
            while (!exposition.contains("cloacina_executions_ended_total{")) { // await may be a little faster
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

    private static double gauge(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }
}
