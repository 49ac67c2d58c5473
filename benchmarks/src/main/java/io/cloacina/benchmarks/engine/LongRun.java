package io.cloacina.benchmarks.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.benchmarks.FreshJvm;
import io.cloacina.benchmarks.Place;
import io.cloacina.benchmarks.Samples;
import io.cloacina.engine.Engine;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.DataType;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What only shows with several processes, after minutes, or beside a transaction that is not ended. */
final class LongRun {
    private static final int CALLERS = 64;

    /** Until a JVM has started and opened the database. */
    private static final int STARTING_SECONDS = 5;

    /** Windows of one process and of all, in turns. */
    private static final int PAIRS = 5;

    /** Until those of a window have ended, and those of the next one are at work. */
    private static final long BETWEEN_MILLIS = EngineChild.RUN_UP_MILLIS + 1_000;

    /** High enough that dead rows gather. */
    private static final int HELD_PER_SECOND = 800;

    private static final int FOUR = 4;

    private static final int WINDOWS = 3;

    private static final Statements HELD = new Statements("held");

    private static final Select<NoArgument, Integer> LOOK = HELD.nativeSelect(
            "look", "SELECT count(*) FROM pipeline_executions", "SELECT count(*)::int FROM pipeline_executions", q -> {
                var count = q.column(DataType.INTEGER);
                return row -> row.get(count);
            });

    private final Place place;
    private final EngineSettings settings;
    private final EngineReport report;

    LongRun(Place place, EngineSettings settings, EngineReport report) {
        this.place = place;
        this.settings = settings;
        this.report = report;
    }

    /**
     * So many processes that share the callers of one, in turns with one alone, in JVMs that stay: neighboring windows
     * see the same machine. In the windows of one, the others have no engine.
     */
    void processes(int number, int warmupSeconds, int seconds) throws SQLException, IOException, InterruptedException {
        List<List<EngineChild.Window>> windows = windows(number, warmupSeconds, seconds);
        List<double[]> rates = rates(windows);
        double[] alone = new double[PAIRS];
        double[] together = new double[PAIRS];
        double[] shares = new double[PAIRS];
        for (int pair = 0; pair < PAIRS; pair++) {
            alone[pair] = rates.get(0)[number + 2 * pair];
            for (double[] rate : rates) {
                together[pair] += rate[number + 2 * pair + 1];
            }
            shares[pair] = together[pair] / alone[pair];
        }
        Samples ones = new Samples(alone);
        report.line(
                "  %-44s %,10.1f executions/s (%,.0f to %,.0f)",
                "1 process, " + CALLERS + " callers, submit and await", ones.median(), ones.minimum(), ones.maximum());
        report.figure("processes.1.executions_per_s", ones.median(), "1/s");
        if (number > 1) {
            Samples all = new Samples(together);
            Samples ratios = new Samples(shares);
            report.line(
                    "  %-44s %,10.1f executions/s (%,.0f to %,.0f)",
                    number + " processes, the same callers, in sum", all.median(), all.minimum(), all.maximum());
            report.figure("processes." + number + ".executions_per_s", all.median(), "1/s");
            report.line("  %-44s %10.2f to %.2f", "ratios of neighboring windows", ratios.minimum(), ratios.maximum());
            report.share(number + " processes, of one", ratios.median(), 0.95);
        }
    }

    /** When each process works: first each alone, to warm up; then one alone and all together, in turns. */
    private static List<List<EngineChild.Window>> windows(int processes, int warmupSeconds, int seconds) {
        List<List<EngineChild.Window>> windows = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            windows.add(new ArrayList<>());
        }
        long from = System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(STARTING_SECONDS);
        for (int window = 0; window < processes + 2 * PAIRS; window++) {
            boolean isWarmup = window < processes;
            boolean isTogether = !isWarmup && (window - processes) % 2 == 1;
            long until = from + TimeUnit.SECONDS.toMillis(isWarmup ? warmupSeconds : seconds);
            for (int i = 0; i < processes; i++) {
                boolean works = isTogether || i == (isWarmup ? window : 0);
                int callers = isTogether ? Math.max(1, CALLERS / processes) : CALLERS;
                windows.get(i).add(new EngineChild.Window(works ? callers : 0, from, until));
            }
            from = until + BETWEEN_MILLIS;
        }
        return windows;
    }

    /** What each process did a second, in each window. */
    private List<double[]> rates(List<List<EngineChild.Window>> windows)
            throws SQLException, IOException, InterruptedException {
        String url = place.url("engine_" + windows.size() + "_processes");
        try (Database database = Database.open(url, Migrator.STATEMENTS)) {
            Migrator.migrate(database);
        }
        ObjectMapper json = new ObjectMapper();
        ExecutorService starting = Executors.newFixedThreadPool(windows.size());
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (List<EngineChild.Window> its : windows) {
                String order = json.writeValueAsString(new EngineChild.Order(url, settings.slots(), its));
                answers.add(starting.submit(() -> FreshJvm.run(EngineChild.class, order)));
            }
            List<double[]> rates = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                long[] counts = json.readValue(answers.get(i).get(), long[].class);
                double[] its = new double[counts.length];
                for (int window = 0; window < counts.length; window++) {
                    EngineChild.Window when = windows.get(i).get(window);
                    its[window] = counts[window] * 1_000.0 / (when.untilMillis() - when.fromMillis());
                }
                rates.add(its);
            }
            return rates;
        } catch (ExecutionException e) {
            throw new IOException("a process failed", e);
        } finally {
            starting.shutdownNow();
        }
    }

    /** The rate of each minute, which falls where dead rows or full tables slow statements down. */
    void minutes(int minutes) throws SQLException, InterruptedException {
        try (EngineLoad load =
                new EngineLoad(Shape.SINGLE, Engine.builder(place.url("engine_minutes")), settings.slots())) {
            int count = Shape.SINGLE.group();
            double[] rates = new double[minutes];
            for (int minute = 0; minute < minutes; minute++) {
                long ended = 0;
                long begin = System.nanoTime();
                long end = begin + TimeUnit.MINUTES.toNanos(1);
                while (System.nanoTime() < end) {
                    double seconds = load.seconds(count);
                    ended += count;
                    // Slices of about two seconds: what is between them is little.
                    count = Math.max(Shape.SINGLE.group(), (int) Math.min(4.0 * count, count * 2 / seconds));
                }
                rates[minute] = ended / ((System.nanoTime() - begin) / 1e9);
                report.line("  %-44s %,10.1f executions/s", "minute " + (minute + 1), rates[minute]);
                report.figure("minutes." + (minute + 1) + ".executions_per_s", rates[minute], "1/s");
            }
            if (minutes > 2) {
                report.share("the last minute, of the second", rates[minutes - 1] / rates[1], 0.95);
            }
        }
    }

    /**
     * Latency while nothing else is open, then beside a transaction that keeps dead rows from being removed, and beside four of them.
     *
     * @param minutes how long the first one is open; null for a few windows
     */
    void heldTransaction(@Nullable Integer minutes) throws SQLException, InterruptedException {
        String url = place.url("engine_held");
        int windows = minutes == null ? WINDOWS : minutes;
        int seconds = minutes == null ? settings.latencySeconds() : 60;
        try (EngineLoad load = new EngineLoad(Shape.SINGLE, Engine.builder(url), settings.slots())) {
            Latencies.of(load.engine(), seconds, HELD_PER_SECOND);
            latencies("held.free", "free", load.engine(), seconds);
            besideHeld(url, 1, () -> {
                for (int after = seconds; after <= windows * seconds; after += seconds) {
                    String what = "beside an open transaction, after " + after + " s";
                    latencies("held." + after + "s", what, load.engine(), seconds);
                }
            });
            String what = "beside four, after " + seconds + " s";
            besideHeld(url, FOUR, () -> latencies("held.four", what, load.engine(), seconds));
        }
    }

    private interface Measuring {
        void run() throws InterruptedException;
    }

    /** Measures beside so many transactions in REPEATABLE READ that have read and do not end. */
    private static void besideHeld(String url, int number, Measuring measuring) throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(number);
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService holders = Executors.newFixedThreadPool(number);
        try {
            for (int i = 0; i < number; i++) {
                holders.execute(() -> hold(url, opened, end));
            }
            if (!opened.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("no transaction could be opened beside the load");
            }
            measuring.run();
        } finally {
            end.countDown();
            holders.shutdown();
        }
        if (!holders.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a transaction beside the load does not end");
        }
    }

    private static void hold(String url, CountDownLatch opened, CountDownLatch end) {
        try (Database database = Database.open(url)) {
            database.read(transaction -> {
                // From its first statement on it sees what was there then: that must stay.
                transaction.list(LOOK);
                opened.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return true;
            });
        }
    }

    private void latencies(String name, String what, Engine engine, int seconds) throws InterruptedException {
        Samples millis = Latencies.of(engine, seconds, HELD_PER_SECOND);
        report.line("  %-44s p50 %8.2f ms, p99 %8.2f ms", what, millis.median(), millis.quantile(0.99));
        report.figure(name + ".latency_p50_ms", millis.median(), "ms");
        report.figure(name + ".latency_p99_ms", millis.quantile(0.99), "ms");
    }
}
