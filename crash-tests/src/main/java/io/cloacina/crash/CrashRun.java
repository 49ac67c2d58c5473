package io.cloacina.crash;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.migration.Migrator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts processes, does to them what can be done, lets everything come to an end, and has it judged. */
final class CrashRun {
    private static final long LOOK_MILLIS = 50;
    private static final long CLOSE_MILLIS = 20_000;
    private static final long GLIMPSE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long RESTART_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final CrashSettings settings;
    private final String url;
    private final @Nullable String applicationName;
    private final Path folder;
    private final Consumer<String> progress;
    private final Random random;
    private final Application application;
    private final List<Glimpse.Sight> sights = new ArrayList<>();
    private int stalls;
    private int cuts;
    private int clockSteps;
    private int restarts;
    private long restartedAt = System.nanoTime() - RESTART_NANOS;

    /**
     * @param url of an empty database
     * @param applicationName of its connections, by which they are cut; null if they are not
     * @param folder for the histories
     */
    CrashRun(
            CrashSettings settings,
            String url,
            @Nullable String applicationName,
            Path folder,
            Consumer<String> progress) {
        this.settings = settings;
        this.url = url;
        this.applicationName = applicationName;
        this.folder = folder;
        this.progress = progress;
        this.random = new Random(settings.seed());
        this.application = new Application(url);
    }

    Outcome run() throws IOException, SQLException, InterruptedException {
        try (Database database = Database.open(url, Tables.STATEMENTS, Glimpse.STATEMENTS, Migrator.STATEMENTS);
                Children children = new Children(settings, url, folder, random)) {
            Migrator.migrate(database);
            application.createTables();
            kill(database, children);
            children.fill(false, isRestarting());
            long begin = System.nanoTime();
            boolean ended = drain(database, children);
            double drainSeconds = (System.nanoTime() - begin) / 1e9;
            List<String> problems = new ArrayList<>(children.closeAll(CLOSE_MILLIS));
            problems.addAll(children.unexpected());
            if (!ended) {
                problems.add(
                        "not everything ended within " + settings.drainLimit().toSeconds() + " s");
            }
            Verdict verdict =
                    new Verdict(Tables.read(database), History.readAll(folder), children.deaths(), children.stalled());
            return verdict.outcome(
                    new Verdict.Found(application.effects(), application.orders(), sights, problems),
                    new Outcome.Harm(
                            children.kills(),
                            children.suicides(),
                            stalls,
                            cuts,
                            restarts,
                            clockSteps,
                            children.started()),
                    drainSeconds);
        }
    }

    private void kill(Database database, Children children) throws IOException, InterruptedException {
        children.fill(true, false);
        awaitFirst(database);
        long begin = System.nanoTime();
        long end = begin + settings.duration().toNanos();
        long nextHarm = begin + pauseNanos();
        long nextGlimpse = begin;
        List<Long> restartsAt = restarts(begin);
        long stalledUntil = 0;
        Runnable goOn = null;
        while (System.nanoTime() < end) {
            long now = System.nanoTime();
            children.fill(true, isRestarting());
            if (goOn != null && now >= stalledUntil) {
                goOn.run();
                goOn = null;
            }
            if (now >= nextGlimpse) {
                nextGlimpse = now + GLIMPSE_NANOS;
                glimpse(database);
            }
            if (!restartsAt.isEmpty() && now >= restartsAt.get(0)) {
                restartsAt.remove(0);
                restartServer();
            } else if (now >= nextHarm) {
                nextHarm = now + pauseNanos();
                int way = random.nextInt(10);
                if (way == 0 && settings.stalls() && goOn == null) {
                    goOn = children.stallOne();
                    stalls++;
                    stalledUntil = now + TimeUnit.MILLISECONDS.toNanos(settings.leaseMillis() * 3 / 2);
                } else if (way < 4 && applicationName != null) {
                    cut();
                } else if (way == 9) {
                    setClock();
                } else {
                    children.killOne();
                }
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        if (goOn != null) {
            goOn.run();
        }
    }

    /** On a busy machine processes take long to start: killing begins when there is something to harm. */
    private void awaitFirst(Database database) throws InterruptedException {
        long until = System.nanoTime() + settings.drainLimit().toNanos();
        while (System.nanoTime() < until && !Glimpse.hasAny(database)) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private void glimpse(Database database) {
        try {
            sights.addAll(Glimpse.of(database));
        } catch (DatabaseException e) {
            if (!e.kind().isRetryable()) {
                throw e;
            }
        }
    }

    private long pauseNanos() {
        return TimeUnit.MILLISECONDS.toNanos(
                settings.meanKillMillis() / 2 + random.nextInt(Math.max(1, settings.meanKillMillis())));
    }

    private List<Long> restarts(long begin) {
        List<Long> at = new ArrayList<>();
        if (settings.restartCommand() != null) {
            Duration third = settings.duration().dividedBy(3);
            at.add(begin + third.toNanos());
            at.add(begin + 2 * third.toNanos());
        }
        return at;
    }

    private void cut() {
        try {
            cuts += application.cutConnections(String.valueOf(applicationName), 1 + random.nextInt(3));
        } catch (SQLException e) {
            progress.accept("connections could not be cut: " + e.getMessage());
        }
    }

    /** By up to ten hours: no lease lasts so long. */
    private void setClock() {
        try {
            application.setClockOfDatabase(random.nextInt(72_000) - 36_000);
            clockSteps++;
        } catch (SQLException e) {
            progress.accept("the clock could not be set: " + e.getMessage());
        }
    }

    /** While it is away and shortly after it, a process may fail to start. */
    private boolean isRestarting() {
        return System.nanoTime() - restartedAt < RESTART_NANOS;
    }

    private void restartServer() throws IOException, InterruptedException {
        progress.accept("restarting the server");
        restartedAt = System.nanoTime();
        restarts++;
        File log = folder.resolve("restart-" + restarts + ".log").toFile();
        int code = new ProcessBuilder("sh", "-c", String.valueOf(settings.restartCommand()))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("the restart command ended with exit code " + code + ", see " + log);
        }
        restartedAt = System.nanoTime();
    }

    private boolean drain(Database database, Children children) throws IOException, InterruptedException {
        progress.accept("no more kills; waiting for everything to end");
        long until = System.nanoTime() + settings.drainLimit().toNanos();
        while (System.nanoTime() < until) {
            children.fill(false, isRestarting());
            boolean drained = children.drain();
            glimpse(database);
            try {
                if (drained && Tables.unfinished(database) == 0) {
                    return true;
                }
            } catch (DatabaseException e) {
                if (!e.kind().isRetryable()) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(4 * LOOK_MILLIS);
        }
        return false;
    }
}
