package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.Meter;
import io.cloacina.benchmarks.Place;
import io.cloacina.benchmarks.Samples;
import io.cloacina.benchmarks.engine.FloorStep.Form;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Measures one thing after the other, each in databases of its own. */
final class EngineRun {
    private static final long SETTLING_SECONDS = 12;

    private static final int ONE_BY_ONE_THREADS = 64;
    private static final int LOW_LOAD_PER_SECOND = 50;

    private final Place place;
    private final Set<Part> parts;
    private final EngineSettings settings;
    private final EngineReport report;
    private double ofFloor;
    private final Map<Shape, Double> taskRates = new EnumMap<>(Shape.class);

    EngineRun(Place place, EngineSettings settings, Set<Part> parts, EngineReport report) {
        this.place = place;
        this.parts = parts;
        this.settings = settings;
        this.report = report;
    }

    void run() throws SQLException, IOException, InterruptedException {
        report.heading(settings);
        report.line("");
        // First: what the server does about full tables later, by itself, would be counted.
        if (parts.contains(Part.IDLE)) {
            idle();
            report.line("");
        }
        if (parts.contains(Part.THROUGHPUT)) {
            throughput();
        }
        if (parts.contains(Part.LATENCY)) {
            latency();
        }
        if (parts.contains(Part.GROWTH)) {
            growth();
        }
        if (parts.contains(Part.SLEEPERS)) {
            sleepers();
        }
    }

    private void throughput() throws SQLException, IOException, InterruptedException {
        report.line(
                "  %-7s %12s %12s %8s %10s %10s %10s",
                "", "executions/s", "tasks/s", "of floor", "cpu s/1000", "commits", "bytes");
        report.line("  %-7s %12s %12s %8s %10s %10s %10s", "", "", "", "", "tasks", "/1000 tasks", "/task");
        for (Shape shape : Shape.values()) {
            throughput(shape);
        }
        compareShapes();
    }

    private static double rate(int executions, double seconds) {
        return executions / seconds;
    }

    /** Floor and engine in turns, medians of all rounds. */
    private void throughput(Shape shape) throws SQLException, IOException, InterruptedException {
        String engineUrl = place.url("engine_" + shape.label());
        String floorUrl = place.url("floor_" + shape.label());
        migrate(floorUrl);
        int tasks = shape.definition(context -> {}).tasks().size();
        try (Meter meter = Meter.of(engineUrl);
                FloorLoad floor = new FloorLoad(shape, floorUrl, report.isPostgres() ? Form.SET : Form.LOOP);
                EngineLoad engine = new EngineLoad(shape, builder(engineUrl, meter), settings.slots())) {
            int[] counts = warmUp(shape, engine, floor);
            double[] engineRates = new double[settings.rounds()];
            double[] floorRates = new double[settings.rounds()];
            double[] ratios = new double[settings.rounds()];
            for (int round = 0; round < settings.rounds(); round++) {
                boolean floorFirst = round % 2 == 0;
                if (floorFirst) {
                    floorRates[round] = rate(counts[1], floor.seconds(counts[1]));
                }
                engineRates[round] = rate(counts[0], engine.seconds(counts[0]));
                if (!floorFirst) {
                    floorRates[round] = rate(counts[1], floor.seconds(counts[1]));
                }
                ratios[round] = engineRates[round] / floorRates[round];
            }
            Meter.Reading before = meter.read();
            engine.seconds(counts[0]);
            Meter.Reading after = meter.read();
            double measured = (double) counts[0] * tasks;
            double cpu = (after.cpuSeconds() - before.cpuSeconds()) / measured * 1_000;
            double commits = (after.commits() - before.commits() - meter.commitsOfReading()) / measured * 1_000;
            double bytes = before.bytes() < 0 ? Double.NaN : (after.bytes() - before.bytes()) / measured;
            double executionRate = new Samples(engineRates).median();
            double ratio = new Samples(ratios).median();
            taskRates.put(shape, executionRate * tasks);
            report.line(
                    "  %-7s %,12.1f %,12.0f %8.2f %10.3f %10.2f %,10.0f",
                    shape.label(), executionRate, executionRate * tasks, ratio, cpu, commits, bytes);
            String name = shape.label() + ".";
            double floorRate = new Samples(floorRates).median();
            report.atLeast(
                    name + "executions_per_s",
                    executionRate,
                    "1/s",
                    floorRate,
                    ratio,
                    shape == Shape.SINGLE ? target() : 0);
            report.figure(name + "tasks_per_s", executionRate * tasks, "1/s");
            report.figure(name + "cpu_s_per_1000_tasks", cpu, "s");
            report.figure(name + "commits_per_1000_tasks", commits, "");
            if (!Double.isNaN(bytes)) {
                report.figure(name + "bytes_per_task", bytes, "B");
            }
            if (report.isPostgres()) {
                batches(shape, counts[1], floorRate);
            }
            if (shape == Shape.SINGLE) {
                ofFloor = ratio;
                oneByOne(engine, counts[0]);
            }
        }
    }

    private double target() {
        return report.isPostgres() ? 0.5 : 0.6;
    }

    /** Runs both until they are compiled; how many executions fill a slice of the engine, and of the floor. */
    private int[] warmUp(Shape shape, EngineLoad engine, FloorLoad floor) throws SQLException, InterruptedException {
        int[] counts = {shape.group(), shape.group()};
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.warmupMillis());
        do {
            counts[0] = next(shape, counts[0], engine.seconds(counts[0]));
            counts[1] = next(shape, counts[1], floor.seconds(counts[1]));
        } while (System.nanoTime() < end);
        return counts;
    }

    private int next(Shape shape, int count, double seconds) {
        double wanted = Math.min(4.0 * count, count * settings.sliceMillis() / 1_000.0 / seconds);
        return shape.group() * (int) Math.max(1, Math.round(wanted / shape.group()));
    }

    /** What the driver's batches come to, which was the floor before there were sets. */
    private void batches(Shape shape, int executions, double ofSets) throws SQLException, InterruptedException {
        String url = place.url("batches_" + shape.label());
        migrate(url);
        try (FloorLoad floor = new FloorLoad(shape, url, Form.BATCH)) {
            floor.seconds(executions);
            double rate = rate(executions, floor.seconds(executions));
            report.line("  %-7s %,12.1f  floor of sets; of the driver's batches %,.1f", "", ofSets, rate);
            report.figure(shape.label() + ".batches_executions_per_s", rate, "1/s");
        }
    }

    private void oneByOne(EngineLoad engine, int executions) throws InterruptedException {
        double[] rates = new double[settings.rounds()];
        for (int round = 0; round < rates.length; round++) {
            rates[round] = rate(executions, engine.secondsOneByOne(executions, ONE_BY_ONE_THREADS));
        }
        double rate = new Samples(rates).median();
        report.line("  %-7s %,12.1f  single, submitted one by one from %d threads", "", rate, ONE_BY_ONE_THREADS);
        report.figure("single.one_by_one_executions_per_s", rate, "1/s");
    }

    private void compareShapes() {
        report.line("");
        report.share("single, of the floor", ofFloor, target());
        double single = taskRates.getOrDefault(Shape.SINGLE, Double.NaN);
        for (Shape shape : List.of(Shape.CHAIN, Shape.FAN, Shape.WIDE)) {
            double share = taskRates.getOrDefault(shape, Double.NaN) / single;
            report.atLeast(shape.label() + ".tasks_of_single", share, "", null, null, 1.2);
            report.share(shape.label() + ", tasks/s of those of single", share, 1.2);
        }
        double share = taskRates.getOrDefault(Shape.LONG, Double.NaN) / taskRates.getOrDefault(Shape.CHAIN, Double.NaN);
        report.atLeast("long.tasks_of_chain", share, "", null, null, 1.0);
        report.share("long, tasks/s of those of chain", share, 1.0);
    }

    private void latency() throws SQLException, IOException, InterruptedException {
        String url = place.url("engine_low");
        try (Meter meter = Meter.of(url);
                EngineLoad load = new EngineLoad(Shape.SINGLE, builder(url, meter), settings.slots())) {
            Latencies.of(load.engine(), 2, LOW_LOAD_PER_SECOND);
            Samples millis = Latencies.of(load.engine(), settings.latencySeconds(), LOW_LOAD_PER_SECOND);
            double most = report.isPostgres() ? 3 : 2;
            report.atMost("single.latency_p50_ms", "single, from submit to await, p50", millis.median(), "ms", most);
            report.atMost(
                    "single.latency_p99_ms", "single, from submit to await, p99", millis.quantile(0.99), "ms", 10);
        }
    }

    private void idle() throws SQLException, IOException, InterruptedException {
        String url = place.url("engine_idle");
        try (Meter meter = Meter.of(url);
                EngineLoad load = new EngineLoad(Shape.SINGLE, builder(url, meter), settings.slots())) {
            load.seconds(1);
            TimeUnit.SECONDS.sleep(3);
            idle(meter);
        }
    }

    private void idle(Meter meter) throws SQLException, IOException, InterruptedException {
        // What opened the database has to be over, and to be counted: PostgreSQL's sessions report with a delay.
        TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
        long begin = System.nanoTime();
        Meter.Reading before = meter.read();
        TimeUnit.SECONDS.sleep(settings.idleSeconds());
        Meter.Reading after = meter.read();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double commits = (after.commits() - before.commits() - meter.commitsOfReading()) / seconds;
        double cpu = (after.cpuSeconds() - before.cpuSeconds()) / seconds * 100;
        if (report.isPostgres()) {
            report.atMost("idle.queries_per_s", "idle, transactions with and without writes", commits, "1/s", 1);
        } else {
            // Nobody counts the reads of SQLite: they are calls in this process.
            report.atMost("idle.writes_per_s", "idle, transactions that write", commits, "1/s", 1);
        }
        report.atMost("idle.cpu_percent", "idle, of a core", cpu, "%", 0.5);
    }

    /** The same load on empty tables and beside a history, in turns. */
    private void growth() throws SQLException, InterruptedException, IOException {
        String empty = place.url("engine_empty");
        String grown = place.url("engine_grown");
        migrate(grown);
        Growth.fill(grown, settings.finished(), settings.waiting());
        try (EngineLoad small = new EngineLoad(Shape.SINGLE, Engine.builder(empty), settings.slots());
                EngineLoad large = new EngineLoad(Shape.SINGLE, Engine.builder(grown), settings.slots())) {
            int count = Shape.SINGLE.group();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.warmupMillis());
            do {
                count = next(Shape.SINGLE, count, small.seconds(count));
                large.seconds(count);
            } while (System.nanoTime() < end);
            double[] rates = new double[settings.rounds()];
            double[] shares = new double[settings.rounds()];
            for (int round = 0; round < shares.length; round++) {
                double ofSmall = small.seconds(count);
                double ofLarge = large.seconds(count);
                rates[round] = rate(count, ofLarge);
                shares[round] = ofSmall / ofLarge;
            }
            double share = new Samples(shares).median();
            report.atLeast("growth.executions_per_s", new Samples(rates).median(), "1/s", null, null, 0);
            report.atLeast("growth.percent_of_empty", 100 * share, "%", null, null, 80);
            report.share(
                    String.format("growth, %,d finished, %,d waiting", settings.finished(), settings.waiting()),
                    share,
                    0.8);
        }
    }

    private void sleepers() throws SQLException, IOException, InterruptedException {
        String url = place.url("engine_sleepers");
        try (Meter meter = Meter.of(url);
                Sleepers sleepers = new Sleepers(builder(url, meter), settings.slots())) {
            sleepers.store(settings.waiting());
            Samples lateness = sleepers.lateness();
            report.atMost("sleepers.lateness_p50_ms", "wakes from sleep, late by, p50", lateness.median(), "ms", 50);
            report.atMost(
                    "sleepers.lateness_p99_ms", "wakes from sleep, late by, p99", lateness.quantile(0.99), "ms", 50);
            TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
            long begin = System.nanoTime();
            Meter.Reading before = meter.read();
            TimeUnit.SECONDS.sleep(settings.idleSeconds());
            Meter.Reading after = meter.read();
            double seconds = (System.nanoTime() - begin) / 1e9;
            report.atMost(
                    "sleepers.cpu_percent",
                    String.format("%,d sleepers, of a core", settings.waiting()),
                    (after.cpuSeconds() - before.cpuSeconds()) / seconds * 100,
                    "%",
                    0.5);
        }
    }

    private static EngineBuilder builder(String url, Meter meter) {
        DataSource counted = meter.connections();
        return counted == null ? Engine.builder(url) : Engine.builder(counted);
    }

    private static void migrate(String url) {
        try (Database database = Database.open(url, Migrator.STATEMENTS)) {
            Migrator.migrate(database);
        }
    }
}
