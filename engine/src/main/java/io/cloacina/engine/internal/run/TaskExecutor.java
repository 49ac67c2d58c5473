package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.Backend;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that task bodies run in: virtual ones where the JVM has them, otherwise a pool of as many as there are slots.
 * The bodies of transactional tasks run in platform threads, because the driver of SQLite would pin a carrier for long; few at
 * once, because each holds a connection for as long as it likes, and everything else needs some as well.
 */
public final class TaskExecutor implements AutoCloseable {
    private static final String NAME = "cloacina-task-";
    private static final long IDLE_SECONDS = 5;
    private static final int TRANSACTIONS_AT_ONCE = 4;

    /** For commits and reads, which need a connection for a moment only: so many share few. */
    private static final int KEPT_FREE = 2;

    private static final int LEAST = 2;
    private static final Logger LOG = LoggerFactory.getLogger(TaskExecutor.class);

    private final ExecutorService usual;
    private final ExecutorService transactional;
    // That of whoever builds the engine: threads that inherit nothing have another one on newer JVMs.
    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    public TaskExecutor(int slots, Database database) {
        this.transactional = pool(Math.min(slots, together(database)), "cloacina-transaction-");
        this.usual = virtualThreads(slots);
    }

    /** How many transactional bodies run at once. SQLite has one writer anyway. */
    private static int together(Database database) {
        if (database.backend() == Backend.SQLITE) {
            return 1;
        }
        int room = database.connections().orElse(TRANSACTIONS_AT_ONCE + KEPT_FREE) - KEPT_FREE;
        return Math.max(1, Math.min(room, TRANSACTIONS_AT_ONCE));
    }

    /**
     * Says what few connections cost.
     *
     * @throws CloacinaException if there are too few to run tasks
     */
    public static void requireRoom(Database database) {
        int connections = database.connections().orElse(Integer.MAX_VALUE);
        if (connections < LEAST) {
            throw new CloacinaException(
                    "INVALID_SETTING",
                    database + " gives " + Math.max(0, connections)
                            + " connections to work with, and an engine that runs"
                            + " tasks needs " + LEAST
                            + " or more: a transactional task holds one while its body runs, and"
                            + " other tasks are committed meanwhile. Say ?pool_size=10 in the URL, which is the default;"
                            + " a data source gives two more, which are kept for the heartbeat and for hints");
        }
        if (connections - KEPT_FREE < TRANSACTIONS_AT_ONCE) {
            LOG.info(
                    "{} gives {} connections to work with: at most {} transactional bodies run at once here, with {} or"
                            + " more connections {}",
                    database,
                    connections,
                    together(database),
                    TRANSACTIONS_AT_ONCE + KEPT_FREE,
                    TRANSACTIONS_AT_ONCE);
        }
    }

    public void run(boolean isTransactional, Runnable body) {
        (isTransactional ? transactional : usual).execute(() -> {
            Thread.currentThread().setContextClassLoader(loader);
            body.run();
        });
    }

    /** Takes no more; what runs goes on. */
    @Override
    public void close() {
        usual.shutdown();
        transactional.shutdown();
    }

    /** Found by name: this is compiled for a JVM that does not have them. */
    private static ExecutorService virtualThreads(int slots) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object threads = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual))
                    .invoke();
            threads = lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class, long.class))
                    .invoke(threads, NAME, 1L);
            threads = lookup.findVirtual(
                            builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class))
                    .invoke(threads, false);
            ThreadFactory factory =
                    (ThreadFactory) lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class))
                            .invoke(threads);
            return (ExecutorService) lookup.findStatic(
                            Executors.class,
                            "newThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class, ThreadFactory.class))
                    .invoke(factory);
        } catch (Throwable e) { // what a method handle may throw; most likely the JVM is older
            return pool(slots, NAME);
        }
    }

    /** Threads appear when they are needed; there are never more bodies than slots. */
    private static ExecutorService pool(int slots, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = work -> {
            // Inheritable thread locals of the body that happens to end when a thread is made are not for the next one.
            Thread thread = new Thread(null, work, name + number.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                slots, slots, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
