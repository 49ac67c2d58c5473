package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.Place;
import io.cloacina.benchmarks.Samples;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;

/** What it costs {@code single} to be watched: slices with and without it, in turns. */
final class Costs {
    /** Several times as many as elsewhere, because a percent is to be seen. */
    private static final int TIMES = 3;

    private static final int OF_OBSERVERS = 3;
    private static final int OF_PAGES = 2;

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
                EngineLoad observed = new EngineLoad(
                        Shape.SINGLE, Observers.on(Engine.builder(watched)), settings.slots())) {
            report.atMost(
                    "costs.observers_percent",
                    "metrics, an interceptor and an MDC, of single",
                    percent(plain::seconds, observed::seconds),
                    "%",
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
                double percent = percent(load::seconds, executions -> {
                    pages.open(true);
                    double seconds = load.seconds(executions);
                    pages.open(false);
                    return seconds;
                });
                report.atMost(
                        "costs.pages_percent", OpenPages.PAGES + " open pages, of single", percent, "%", OF_PAGES);
                report.line("  %-44s %,10d of %,d", "pages made again", pages.read(), pages.read() + pages.left());
            }
        }
    }

    /** By how many percent the rate is lower with it: the median of neighbouring slices, each of which is first in turn. */
    private double percent(Slice without, Slice with) throws InterruptedException {
        int count = Shape.SINGLE.group();
        long end = System.nanoTime() + settings.warmupMillis() * 1_000_000L;
        do {
            double seconds = without.seconds(count);
            with.seconds(count);
            double wanted = Math.min(4.0 * count, count * settings.sliceMillis() / 1_000.0 / seconds);
            count = Shape.SINGLE.group() * (int) Math.max(1, Math.round(wanted / Shape.SINGLE.group()));
        } while (System.nanoTime() < end);
        double[] percents = new double[settings.rounds() * TIMES];
        for (int round = 0; round < percents.length; round++) {
            boolean isFirst = round % 2 == 0;
            double before = isFirst ? without.seconds(count) : 0;
            double watched = with.seconds(count);
            double alone = isFirst ? before : without.seconds(count);
            percents[round] = 100 * (1 - alone / watched);
        }
        Samples samples = new Samples(percents);
        report.line("  %-44s %10.2f to %.2f", "of neighbouring slices", samples.minimum(), samples.maximum());
        return samples.median();
    }
}
