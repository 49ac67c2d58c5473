package io.cloacina.engine.internal.host;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs things later, by monotonic time, however wall-clock time is set. One thread is for what is short and must be
 * punctual, one for what speaks with the database and may take its time, one for loading packages, which may take very
 * long, one for hints to other processes, and one for the lease alone, which nothing may hold up.
 */
@SuppressWarnings("FutureReturnValueIgnored") // guarded lets nothing get lost
public final class Timer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Timer.class);

    private final boolean byHand;
    private final OwnThreads own;
    private final ScheduledExecutorService punctual;
    private final ScheduledExecutorService maintenance;
    private final ScheduledExecutorService heart;
    private final ScheduledExecutorService loading;
    private final ScheduledExecutorService hints;

    /** Longer than anything waits, and not too long for a number of nanoseconds. */

    /** {@code byHand}: whether nothing happens later: whoever turns the engine looks for what is due. Time limits are kept. */
    public Timer(boolean byHand, OwnThreads own) {
        this(byHand, own, Timer::thread);
    }

    /** {@code threads}: a thread for each name. */
    public Timer(boolean byHand, OwnThreads own, Function<String, ScheduledExecutorService> threads) {
        this.byHand = byHand;
        this.own = own;
        this.punctual = threads.apply("timer");
        this.maintenance = threads.apply("maintenance");
        this.heart = threads.apply("heartbeat");
        this.loading = threads.apply("packages");
        this.hints = threads.apply("hint-sender");
    }

    /** How much time has passed since some moment, however the clock is set. By hand it passes when the clock is moved. */
    public Supplier<Duration> elapsed(Clock clock) {
        return byHand
                ? () -> Duration.between(Instant.EPOCH, clock.instant())
                : () -> Duration.ofNanos(System.nanoTime());
    }

    /** Runs something short. */
    public void after(Duration delay, Runnable work) {
        if (!byHand) {
            on(punctual, delay, work);
        }
    }

    /** Runs something short, unless the result is run before. */
    public Runnable unlessCancelledAfter(Duration delay, Runnable work) {
        ScheduledFuture<?> waiting = on(punctual, delay, work);
        return () -> {
            if (waiting != null) {
                waiting.cancel(false);
            }
        };
    }

    /** Runs something that may wait for the database, one after the other. */
    public void maintenanceAfter(Duration delay, Runnable work) {
        if (!byHand) {
            on(maintenance, delay, work);
        }
    }

    /** Runs something that tells other processes, or finds out what to tell them, also where nothing else happens later. */
    public void hintAfter(Duration delay, Runnable work) {
        on(hints, delay, work);
    }

    /** Returns when what is being told is told, and lets nothing follow. */
    public void stopHints() {
        end(hints);
    }

    /** Runs something that may take very long. */
    public void loadAfter(Duration delay, Runnable work) {
        if (!byHand) {
            on(loading, delay, work);
        }
    }

    /** Renews the lease, which must not wait for anything else. */
    public void heartbeatAfter(Duration delay, Runnable work) {
        on(heart, delay, work);
    }

    /** Begins nothing more but heartbeats: the lease must last to the very end of the work. */
    public void stopAllButHeart() {
        punctual.shutdownNow();
        loading.shutdownNow();
        maintenance.shutdown();
    }

    /** After that: returns when what is under way has ended. */
    public void awaitAllButHeart() {
        end(loading);
        end(maintenance);
    }

    @Override
    public void close() {
        stopAllButHeart();
        awaitAllButHeart();
        stopHints();
        end(heart);
    }

    /** Returns when the last heartbeat has ended, and lets none follow. */
    public void stopHeart() {
        end(heart);
    }

    /** What is under way writes to the database, which is closed next. */
    private static void end(ScheduledExecutorService thread) {
        thread.shutdown();
        Deadline.NEVER.await(nanos -> thread.awaitTermination(nanos, TimeUnit.NANOSECONDS));
    }

    private @Nullable ScheduledFuture<?> on(ScheduledExecutorService thread, Duration delay, Runnable work) {
        try {
            return thread.schedule(
                    () -> own.run(OwnThreads.Work.OTHER, () -> guarded(work)),
                    Deadline.bounded(delay).toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null; // closed: there is no later
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) { // the edge of a thread: the next work must find it alive
            LOG.error("background work failed unexpectedly", e);
        }
    }

    private static ScheduledExecutorService thread(String name) {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "cloacina-" + name);
            // Otherwise that of whoever was the first to need it.
            thread.setContextClassLoader(Timer.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
        });
        // Most time limits are cancelled long before they are over.
        one.setRemoveOnCancelPolicy(true);
        one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return one;
    }
}
