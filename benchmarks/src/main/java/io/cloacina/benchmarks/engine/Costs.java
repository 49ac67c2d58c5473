package io.cloacina.benchmarks.engine;

import com.sun.management.OperatingSystemMXBean;
import io.cloacina.benchmarks.Place;
import io.cloacina.benchmarks.Samples;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What it costs {@code single} to be watched: slices with and without it, in turns. */
final class Costs {
    /** Several times as many as elsewhere, because a percent is to be seen. */
    private static final int TIMES = 3;

    private static final int OF_OBSERVERS = 3;
    private static final int OF_PAGES = 2;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Place place;
    private final EngineSettings settings;
    private final EngineReport report;

    /** A slice, and how many seconds so many executions took in it. */
    private interface Slice {
        double seconds(int executions) throws InterruptedException;
    }

    Costs(Place place, EngineSettings settings, EngineReport report) {
        this.place = place;
        this.settings = settings;
        this.report = report;
    }

    void run() throws SQLException, IOException, InterruptedException {
        observers();
        pages();
    }

    private void observers() throws SQLException, IOException, InterruptedException {
        String alone = place.url("engine_alone");
        String watched = place.url("engine_watched");
        try (EngineLoad plain = new EngineLoad(Shape.SINGLE, Engine.builder(alone), settings.slots());
                EngineLoad observed =
                        new EngineLoad(Shape.SINGLE, Observers.on(Engine.builder(watched)), settings.slots())) {
            report(
                    "costs.observers",
                    "metrics, an interceptor and an MDC, of single",
                    cost(plain::seconds, observed::seconds),
                    OF_OBSERVERS);
        }
    }

    private void pages() throws SQLException, IOException, InterruptedException {
        String url = place.url("engine_pages");
        try (EngineLoad load = new EngineLoad(Shape.SINGLE, Engine.builder(url), settings.slots())) {
            UUID execution = load.engine().submit(Submission.of(Shape.SINGLE.label()));
            load.engine().await(execution);
            load.seconds(1);
            try (OpenPages pages = new OpenPages(load.engine(), execution)) {
                Cost cost = cost(load::seconds, executions -> {
                    pages.open(true);
                    double seconds = load.seconds(executions);
                    pages.open(false);
                    return seconds;
                });
                report("costs.pages", OpenPages.PAGES + " open pages, of single", cost, OF_PAGES);
                report.line("  %-44s %,10d of %,d", "pages made again", pages.read(), pages.read() + pages.left());
            }
        }
    }

    private void report(String name, String what, Cost cost, double target) {
        report.atMost(name + "_percent", what, cost.time().median(), "%", target);
        report.line(
                "  %-44s %10.2f to %.2f",
                "of neighbouring slices", cost.time().minimum(), cost.time().maximum());
        report.line("  %-44s %10.2f %%", "processor time of this process", cost.processor());
        report.figure(name + "_processor_percent", cost.processor(), "%");
    }

    /**
     * By how many percent more it takes.
     *
     * @param time of neighbouring slices, each of which is first in turn
     * @param processor of all slices together: other programs on the machine change it less
     */
    private record Cost(Samples time, double processor) {}

    private Cost cost(Slice without, Slice with) throws InterruptedException {
        int count = Shape.SINGLE.group();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.warmupMillis());
        do {
            double seconds = without.seconds(count);
            with.seconds(count);
            double wanted = Math.min(4.0 * count, count * settings.sliceMillis() / 1_000.0 / seconds);
            count = Shape.SINGLE.group() * (int) Math.max(1, Math.round(wanted / Shape.SINGLE.group()));
        } while (System.nanoTime() < end);
        double[] percents = new double[settings.rounds() * TIMES];
        long[] processor = new long[2];
        for (int round = 0; round < percents.length; round++) {
            double[] seconds = new double[2];
            for (int turn = 0; turn < 2; turn++) {
                int which = (round + turn) % 2;
                long before = SYSTEM.getProcessCpuTime();
                seconds[which] = (which == 0 ? without : with).seconds(count);
                processor[which] += SYSTEM.getProcessCpuTime() - before;
            }
            percents[round] = 100 * (1 - seconds[0] / seconds[1]);
        }
        return new Cost(new Samples(percents), 100 * ((double) processor[1] / processor[0] - 1));
    }
}
