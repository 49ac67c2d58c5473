package io.cloacina.micrometer;

import io.cloacina.api.Arguments;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.TaskRun;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the metrics of an engine in a Micrometer registry, with names that begin with {@code cloacina.}.
 *
 * <pre>{@code
 * Engine engine = Engine.builder(url).metrics(MicrometerMetrics.of(registry)).workflow(order).start();
 * }</pre>
 *
 * <p>No tag contains an id. The first 500 tasks of all workflows have a tag value of their own; further ones share
 * {@code other}. Values that are read from the database (ready tasks, stranded executions and the like) are read every
 * 15 s in a separate thread, by one of all processes; in the others, these gauges have no value (NaN). One instance
 * serves one engine. When that is stopped, its gauges are removed, and its counters and timers stay. All meters are
 * listed in {@code docs/how-to/monitoring.md}. Thread safe.
 */
public final class MicrometerMetrics implements EngineMetrics {
    private static final String NONE = "";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Names names = new Names();
    private final Cached<Counter> counters;
    private final Cached<Timer> timers;
    private final Counter dropped;
    private final Timer commits;
    private final Timer claims;
    private final Timer lateness;
    private final DistributionSummary batches;
    private final DistributionSummary contexts;
    private @Nullable EngineGauges gauges;

    private MicrometerMetrics(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        this.counters = new Cached<>(key -> Counter.builder(key.what().label)
                .description(key.what().description)
                .tags(tags.and(key.tags()))
                .register(registry));
        this.timers = new Cached<>(key -> Timer.builder(key.what().label)
                .description(key.what().description)
                .tags(tags.and(key.tags()))
                .register(registry));
        this.dropped = Counter.builder("cloacina.events.dropped")
                .description("Events that were dropped because listeners are slower than the engine.")
                .tags(tags)
                .register(registry);
        this.commits = timer("cloacina.commit", "From the first statement of a transaction to its commit.");
        this.claims = timer("cloacina.claim", "Searching for tasks to run, within a transaction.");
        this.lateness = timer("cloacina.schedule.lateness", "From the time of a schedule to its submission.");
        this.batches = summary("cloacina.commit.batch.size", "The number of pending writes in a transaction.");
        this.contexts = summary("cloacina.context.bytes", "The output of a task as JSON, in characters.");
    }

    /** Returns metrics in that registry, for one engine. */
    public static MicrometerMetrics of(MeterRegistry registry) {
        return of(registry, Tags.empty());
    }

    /** Returns metrics with additional tags: engines that share a registry need a tag that distinguishes them. */
    public static MicrometerMetrics of(MeterRegistry registry, Tags tags) {
        return new MicrometerMetrics(Arguments.given("the registry", registry), Arguments.given("the tags", tags));
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).tags(tags).register(registry);
    }

    private DistributionSummary summary(String name, String description) {
        return DistributionSummary.builder(name)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    @Override
    public synchronized void started(Readings readings) {
        stopped();
        gauges = new EngineGauges(registry, tags, readings);
    }

    @Override
    public synchronized void stopped() {
        if (gauges != null) {
            gauges.close();
            gauges = null;
        }
    }

    @Override
    public void dropped(EngineEvent event) {
        dropped.increment();
    }

    @Override
    public void committed(long nanos, int writes) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
        batches.record(writes);
    }

    @Override
    public void claimed(long nanos, int tasks) {
        claims.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void stored(int characters) {
        contexts.record(characters);
    }

    @Override
    public void scheduled(Duration late) {
        lateness.record(late);
    }

    @Override
    public void event(EngineEvent event) {
        if (event instanceof EngineEvent.ExecutionSubmitted submitted) {
            count(Counted.SUBMITTED, submitted.workflow(), NONE, NONE, NONE);
        } else if (event instanceof EngineEvent.ExecutionEnded ended) {
            String status = ended.status().name().toLowerCase(Locale.ROOT);
            count(Counted.ENDED, ended.workflow(), NONE, "status", status);
            time(
                    timers.get(Counted.DURATION, ended.workflow(), NONE, "status", status),
                    ended.submittedAt(),
                    ended.at());
        } else if (event instanceof EngineEvent.TaskStarted task) {
            String bounded = bounded(task);
            time(
                    timers.get(Counted.WAIT, task.workflow(), bounded, NONE, NONE),
                    task.run().readyAt(),
                    task.at());
        } else if (event instanceof EngineEvent.TaskCompleted task) {
            ended(task, task.run(), "completed");
        } else if (event instanceof EngineEvent.TaskFailed task) {
            ended(task, task.run(), "failed");
        } else if (event instanceof EngineEvent.TaskSkipped task) {
            ended(task, null, "skipped");
        } else if (event instanceof EngineEvent.TaskRetried task) {
            count(Counted.RETRIED, task.workflow(), bounded(task), NONE, NONE);
            ran(task, task.run(), "retried");
        } else if (event instanceof EngineEvent.TaskRecovered task) {
            count(Counted.RECOVERED, task.workflow(), bounded(task), NONE, NONE);
        }
    }

    private void ended(EngineEvent.OfTask task, @Nullable TaskRun run, String outcome) {
        count(Counted.TASKS_ENDED, task.workflow(), bounded(task), "outcome", outcome);
        if (run != null) {
            ran(task, run, outcome);
        }
    }

    private void ran(EngineEvent.OfTask task, TaskRun run, String outcome) {
        time(timers.get(Counted.RUN, task.workflow(), bounded(task), "outcome", outcome), run.startedAt(), task.at());
    }

    /**
     * Between two instants, the first of which may be from the clock of another process: a negative time counts as
     * zero.
     */
    private static void time(Timer timer, Instant from, Instant to) {
        Duration between = Duration.between(from, to);
        timer.record(between.isNegative() ? Duration.ZERO : between);
    }

    private String bounded(EngineEvent.OfTask task) {
        return names.bounded(task.workflow(), task.definedTask());
    }

    private void count(Counted what, String workflow, String task, String tag, String value) {
        counters.get(what, workflow, task, tag, value).increment();
    }
}
