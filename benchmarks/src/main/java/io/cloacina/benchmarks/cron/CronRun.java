package io.cloacina.benchmarks.cron;

import io.cloacina.benchmarks.FreshJvm;
import io.cloacina.benchmarks.Samples;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Schedule;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Schedules of every minute, spread over its seconds, fired by processes that are killed one after the other. */
final class CronRun {
    private static final Duration DRAIN = Duration.ofMinutes(2);
    private static final int WRITERS = 16;

    private final Settings settings;
    private final String url;
    private final CronTables tables;
    private final Random random;
    private final Consumer<String> progress;
    private final List<Process> running = new ArrayList<>();
    private int kills;

    /**
     * How much is done.
     *
     * @param meanKillMillis mean time between two kills
     * @param quiet how long none is killed after that
     * @param settling how much of that does not count for lateness
     * @param idle how long transactions are counted while nothing is due; zero not to
     */
    record Settings(
            int schedules,
            int processes,
            Duration duration,
            long seed,
            int meanKillMillis,
            Duration quiet,
            Duration settling,
            Duration idle) {
        /** As the command does it. */
        static Settings of(int schedules, int processes, Duration duration, long seed) {
            return new Settings(
                    schedules,
                    processes,
                    duration,
                    seed,
                    5_000,
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(60));
        }

        Map<String, Object> asMap() {
            return Map.of(
                    "schedules", schedules,
                    "processes", processes,
                    "seconds", duration.toSeconds(),
                    "seed", seed,
                    "mean_kill_ms", meanKillMillis);
        }
    }

    CronRun(Settings settings, String url, Consumer<String> progress) {
        this.settings = settings;
        this.url = url;
        this.tables = new CronTables(url);
        this.random = new Random(settings.seed());
        this.progress = progress;
    }

    CronOutcome run() throws IOException, SQLException, InterruptedException {
        Map<Schedule, Instant> stored = store();
        try {
            killSome();
            Instant lastKill = Instant.now();
            progress.accept(
                    kills + " processes were killed; now " + settings.quiet().toSeconds() + " s in which none is");
            fill();
            TimeUnit.MILLISECONDS.sleep(settings.quiet().toMillis());
            Instant until = Instant.now();
            awaitFired(until);
            disable();
            drain();
            closeAll();
            List<CronTables.Row> rows = tables.occurrences();
            Instant settled = lastKill.plus(settings.settling());
            return new CronOutcome(
                    kills,
                    rows.size(),
                    tables.violations(rows, stored, until),
                    late(rows.stream()
                            .filter(row -> row.scheduled().isAfter(settled))
                            .toList()),
                    late(rows),
                    idleTransactions());
        } finally {
            running.forEach(Process::destroyForcibly);
        }
    }

    private static Samples late(List<CronTables.Row> rows) {
        return rows.isEmpty()
                ? new Samples(0)
                : new Samples(
                        rows.stream().mapToDouble(CronTables.Row::lateMillis).toArray());
    }

    /** By several threads, whose commits are grouped. When each was stored. */
    private Map<Schedule, Instant> store() throws InterruptedException {
        long begin = System.nanoTime();
        Map<Schedule, Instant> stored = new ConcurrentHashMap<>();
        try (Engine engine = CronChild.start(url)) {
            List<Thread> writers = IntStream.range(0, WRITERS)
                    .mapToObj(writer -> new Thread(() -> {
                        for (int i = writer; i < settings.schedules(); i += WRITERS) {
                            Schedule schedule = Schedule.of("s" + i, CronChild.WORKFLOW)
                                    .cron(i % 60 + " * * * * *")
                                    .catchUp(CatchUp.runAll(10_000, Duration.ofDays(1)));
                            Instant next = engine.schedules().put(schedule).nextAt();
                            stored.put(schedule, next == null ? Instant.now() : next.minusNanos(1));
                        }
                    }))
                    .toList();
            writers.forEach(Thread::start);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        progress.accept(
                String.format("%,d schedules were stored in %.1f s", stored.size(), (System.nanoTime() - begin) / 1e9));
        return stored;
    }

    private void killSome() throws IOException, InterruptedException {
        long end = System.nanoTime() + settings.duration().toNanos();
        while (true) {
            fill();
            long pause = settings.meanKillMillis() / 2L + random.nextInt(settings.meanKillMillis());
            if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) > end) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            running.remove(random.nextInt(running.size())).destroyForcibly().waitFor();
            kills++;
        }
    }

    private void fill() throws IOException {
        while (running.size() < settings.processes()) {
            Process process = new ProcessBuilder(FreshJvm.command(CronChild.class, "-Xmx256m", "-XX:+UseSerialGC"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Writer input = process.outputWriter(StandardCharsets.UTF_8);
            input.write(url + "\n");
            input.flush();
            running.add(process);
        }
    }

    /** Waits for what was due by then. */
    private void awaitFired(Instant until) throws SQLException, InterruptedException {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (!tables.nextDue().isAfter(until) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    /** No schedule fires any more. */
    private void disable() {
        try (Engine engine = CronChild.start(url)) {
            engine.schedules().list().parallelStream()
                    .forEach(
                            state -> engine.schedules().disable(state.schedule().name()));
        }
    }

    private void drain() throws SQLException, InterruptedException {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (tables.unfinished() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private void closeAll() throws IOException, InterruptedException {
        for (Process process : running) {
            process.outputWriter(StandardCharsets.UTF_8).close();
        }
        for (Process process : running) {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        running.clear();
    }

    /** With all schedules there and none due: each for the first of January. */
    private @Nullable Double idleTransactions() throws SQLException, InterruptedException {
        if (!tables.isPostgres() || settings.idle().isZero()) {
            return null;
        }
        String counted = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
        try (Engine engine = CronChild.start(url)) {
            Instant later = Instant.now().plus(Duration.ofDays(365));
            engine.schedules().list().parallelStream().forEach(state -> {
                engine.schedules().put(state.schedule().between(later, null));
                engine.schedules().enable(state.schedule().name());
            });
            // Idle sessions report what they did before with a delay of up to ten seconds.
            TimeUnit.SECONDS.sleep(15);
            long before = tables.count(counted);
            TimeUnit.MILLISECONDS.sleep(settings.idle().toMillis());
            // Reading is a transaction, too.
            return (double) (tables.count(counted) - before - 1);
        }
    }
}
