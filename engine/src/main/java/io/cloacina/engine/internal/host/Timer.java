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
 * Runs work later, by monotonic time, so that setting the clock has no effect. It has one thread for short work that
 * must be punctual, one for work that may wait for the database, one for loading packages, which may take very long,
 * one for notifications to other processes, and one for renewing the lease alone, which no other work may delay.
 */
@SuppressWarnings("FutureReturnValueIgnored") // guarded logs every failure
public final class Timer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Timer.class);

    private final boolean isManual;
    private final OwnThreads own;
    private final ScheduledExecutorService punctual;
    private final ScheduledExecutorService maintenance;
    private final ScheduledExecutorService heart;
    private final ScheduledExecutorService loading;
    private final ScheduledExecutorService notifications;

    /**
     * {@code isManual}: whether the engine is driven manually, so that work is not run later, except time limits,
     * notifications and heartbeats.
     */
    public Timer(boolean isManual, OwnThreads own) {
        this(isManual, own, Timer::thread);
    }

    /** {@code threads}: creates the executor for each name. */
    public Timer(boolean isManual, OwnThreads own, Function<String, ScheduledExecutorService> threads) {
        this.isManual = isManual;
        this.own = own;
        this.punctual = threads.apply("timer");
        this.maintenance = threads.apply("maintenance");
        this.heart = threads.apply("heartbeat");
        this.loading = threads.apply("packages");
        this.notifications = threads.apply("notification-sender");
    }

    /**
     * The time since an arbitrary moment, unaffected by setting the clock. In an engine that is driven manually, the given
     * clock.
     */
    public Supplier<Duration> elapsed(Clock clock) {
        return isManual
                ? () -> Duration.between(Instant.EPOCH, clock.instant())
                : () -> Duration.ofNanos(System.nanoTime());
    }

    /** Runs short work. */
    public void after(Duration delay, Runnable work) {
        if (!isManual) {
            on(punctual, delay, work);
        }
    }

    /** Runs short work, unless the returned action is run before. */
    public Runnable unlessCancelledAfter(Duration delay, Runnable work) {
        ScheduledFuture<?> waiting = on(punctual, delay, work);
        return () -> {
            if (waiting != null) {
                waiting.cancel(false);
            }
        };
    }

    /** Runs work that may wait for the database, in sequence with other such work. */
    public void maintenanceAfter(Duration delay, Runnable work) {
        if (!isManual) {
            on(maintenance, delay, work);
        }
    }

    /**
     * Runs work that notifies other processes, or finds out what to notify them of; also in an engine that is driven manually.
     */
    public void notifyAfter(Duration delay, Runnable work) {
        on(notifications, delay, work);
    }

    /** Returns when the notification that is being sent has been sent; no other is sent afterwards. */
    public void stopNotifications() {
        end(notifications);
    }

    /** Runs work that may take very long. */
    public void loadAfter(Duration delay, Runnable work) {
        if (!isManual) {
            on(loading, delay, work);
        }
    }

    /** Renews the lease, which must not wait for other work. */
    public void heartbeatAfter(Duration delay, Runnable work) {
        on(heart, delay, work);
    }

    /** Starts no more work except heartbeats, because the lease must last until all work has ended. */
    public void stopAllButHeart() {
        punctual.shutdownNow();
        loading.shutdownNow();
        maintenance.shutdown();
    }

    /** Call after {@link #stopAllButHeart}: returns when the running work has ended. */
    public void awaitAllButHeart() {
        end(loading);
        end(maintenance);
    }

    @Override
    public void close() {
        stopAllButHeart();
        awaitAllButHeart();
        stopNotifications();
        end(heart);
    }

    /** Returns when the last heartbeat has ended; no other follows. */
    public void stopHeart() {
        end(heart);
    }

    /** Waits for the running work, because it writes to the database, which is closed next. */
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
            return null; // closed: nothing runs later
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) { // the edge of a thread: it must survive for the next work
            LOG.error("background work failed unexpectedly", e);
        }
    }

    private static ScheduledExecutorService thread(String name) {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "cloacina-" + name);
            // Otherwise it would have the class loader of the thread that happened to be the first to need it.
            thread.setContextClassLoader(Timer.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
        });
        // Most time limits are cancelled long before they expire.
        one.setRemoveOnCancelPolicy(true);
        one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return one;
    }
}
