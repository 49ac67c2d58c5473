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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What only shows with several processes, after minutes, or beside a transaction that is not ended. */
final class LongRun {
    private static final int CALLERS = 64;

    /** Until a JVM has started and opened the database. */
    private static final int STARTING_SECONDS = 5;

    /** High enough that dead rows gather. */
    private static final int HELD_PER_SECOND = 400;

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

    /** One process, and then so many that share its callers. */
    void processes(int number, int warmupSeconds, int seconds) throws SQLException, IOException, InterruptedException {
        double one = rateOf(1, warmupSeconds, seconds);
        report.line("  %-44s %,10.1f executions/s", "1 process, " + CALLERS + " callers, submit and await", one);
        report.figure("processes.1.executions_per_s", one, "1/s");
        if (number > 1) {
            double all = rateOf(number, warmupSeconds, seconds);
            report.line("  %-44s %,10.1f executions/s", number + " processes, the same callers, in sum", all);
            report.figure("processes." + number + ".executions_per_s", all, "1/s");
            report.share(number + " processes, of one", all / one, 0.95);
        }
    }

    private double rateOf(int processes, int warmupSeconds, int seconds)
            throws SQLException, IOException, InterruptedException {
        String url = place.url("engine_" + processes + "_processes");
        try (Database database = Database.open(url, Migrator.STATEMENTS)) {
            Migrator.migrate(database);
        }
        long started = System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(STARTING_SECONDS);
        long warmup = TimeUnit.SECONDS.toMillis(warmupSeconds);
        long from = started + processes * warmup + TimeUnit.SECONDS.toMillis(STARTING_SECONDS);
        long until = from + TimeUnit.SECONDS.toMillis(seconds);
        ObjectMapper json = new ObjectMapper();
        ExecutorService starting = Executors.newFixedThreadPool(processes);
        try {
            List<Future<String>> counts = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                String order = json.writeValueAsString(new EngineChild.Order(
                        url,
                        settings.slots(),
                        CALLERS,
                        Math.max(1, CALLERS / processes),
                        started + i * warmup,
                        started + (i + 1) * warmup,
                        from,
                        until));
                counts.add(starting.submit(() -> FreshJvm.run(EngineChild.class, order)));
            }
            long sum = 0;
            for (Future<String> count : counts) {
                sum += Long.parseLong(count.get());
            }
            return (double) sum / seconds;
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

    /** Latency while nothing else is open, and then beside a transaction that keeps dead rows from being removed. */
    void heldTransaction() throws SQLException, InterruptedException {
        String url = place.url("engine_held");
        try (EngineLoad load = new EngineLoad(Shape.SINGLE, Engine.builder(url), settings.slots());
                Database beside = Database.open(url)) {
            Latencies.of(load.engine(), settings.latencySeconds(), HELD_PER_SECOND);
            latencies("held.free", "free", load.engine());
            beside.read(transaction -> {
                // From its first statement on it sees what was there then: that must stay.
                transaction.list(LOOK);
                try {
                    for (int window = 1; window <= WINDOWS; window++) {
                        int after = window * settings.latencySeconds();
                        latencies(
                                "held." + after + "s",
                                "beside an open transaction, after " + after + " s",
                                load.engine());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return true;
            });
        }
    }

    private void latencies(String name, String what, Engine engine) throws InterruptedException {
        Samples millis = Latencies.of(engine, settings.latencySeconds(), HELD_PER_SECOND);
        report.line("  %-44s p50 %8.2f ms, p99 %8.2f ms", what, millis.median(), millis.quantile(0.99));
        report.figure(name + ".latency_p50_ms", millis.median(), "ms");
        report.figure(name + ".latency_p99_ms", millis.quantile(0.99), "ms");
    }
}
