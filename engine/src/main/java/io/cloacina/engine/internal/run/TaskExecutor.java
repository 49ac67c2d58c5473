package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.Backend;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of task bodies: those of the application if it lends an executor or a thread factory, otherwise virtual threads
 * where the JVM has them, otherwise a pool with one thread for each slot. The bodies of transactional tasks run in platform
 * threads, because the driver of SQLite would pin a carrier for long. Few of them run at once, because each holds a connection
 * for as long as the body takes, and everything else needs connections as well.
 */
public final class TaskExecutor implements AutoCloseable {
    private static final String NAME = "cloacina-task-";
    private static final long IDLE_SECONDS = 5;
    private static final int TRANSACTIONS_AT_ONCE = 4;

    /** Connections for commits and reads, which need one for a moment only: so few are enough. */
    private static final int KEPT_FREE = 2;

    private static final int LEAST = 2;
    private static final Logger LOG = LoggerFactory.getLogger(TaskExecutor.class);

    private final Consumer<Body> usual;
    private final Consumer<Body> transactional;
    private final List<ExecutorService> own = new ArrayList<>();
    // The class loader of the thread that builds the engine: on newer JVMs, threads that inherit nothing have another
    // one.
    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    public TaskExecutor(Settings settings, Database database) {
        int slots = settings.slots();
        int together = Math.min(slots, together(database));
        Executor lent = settings.host().executor();
        ThreadFactory threads = settings.host().threads();
        if (lent != null) {
            this.usual = new LentExecutor(lent, slots)::run;
            this.transactional = new LentExecutor(lent, together)::run;
        } else if (threads != null) {
            this.usual = owned(pool(slots, given(threads)));
            this.transactional = owned(pool(together, given(threads)));
        } else {
            this.usual = owned(virtualThreads(slots));
            this.transactional = owned(pool(together, named("cloacina-transaction-")));
        }
    }

    private Consumer<Body> owned(ExecutorService executor) {
        own.add(executor);
        return body -> {
            try {
                executor.execute(body);
            } catch (Throwable e) { // no thread could be created
                body.refused(e);
            }
        };
    }

    /** A factory may refuse by returning null, which a pool would take for a promise to run the body later. */
    private static ThreadFactory given(ThreadFactory threads) {
        return work -> {
            Thread thread = threads.newThread(work);
            if (thread == null) {
                throw new RejectedExecutionException("the thread factory returned no thread");
            }
            return thread;
        };
    }

    /** How many transactional bodies run at once. SQLite has only one writer. */
    private static int together(Database database) {
        if (database.backend() == Backend.SQLITE) {
            return 1;
        }
        int room = database.connections().orElse(TRANSACTIONS_AT_ONCE + KEPT_FREE) - KEPT_FREE;
        return Math.max(1, Math.min(room, TRANSACTIONS_AT_ONCE));
    }

    /**
     * Logs what a small number of connections limits.
     *
     * @throws CloacinaException if there are too few to run tasks
     */
    public static void requireRoom(Database database) {
        int connections = database.connections().orElse(Integer.MAX_VALUE);
        if (connections < LEAST) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_SETTING,
                    database + " gives " + Math.max(0, connections)
                            + " connections to work with, and an engine that runs"
                            + " tasks needs " + LEAST
                            + " or more: a transactional task holds one while its body runs, and"
                            + " other tasks are committed meanwhile. Set ?pool_size=10 in the URL, which is the"
                            + " default; a data source must give two more, for the heartbeat and for notifications");
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

    /** Lets a body run, perhaps later, or calls {@code refused}. */
    public void run(boolean isTransactional, Runnable body, Consumer<Throwable> refused) {
        (isTransactional ? transactional : usual).accept(new Body() {
            @Override
            public void run() {
                Thread thread = Thread.currentThread();
                ClassLoader before = thread.getContextClassLoader();
                thread.setContextClassLoader(loader);
                try {
                    body.run();
                } finally {
                    thread.setContextClassLoader(before);
                }
            }

            @Override
            public void refused(Throwable why) {
                refused.accept(why);
            }
        });
    }

    /** Accepts no more bodies; running ones continue. An executor of the application is not shut down. */
    @Override
    public void close() {
        own.forEach(ExecutorService::shutdown);
    }

    /** Called by reflection, because this code is compiled for a JVM without virtual threads. */
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
            return pool(slots, named(NAME));
        }
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            // Threads do not inherit the inheritable thread locals of the body that happens to run when the thread is
            // created.
            Thread thread = new Thread(null, work, name + number.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Threads are created when they are needed; there are never more bodies than slots. */
    private static ExecutorService pool(int slots, ThreadFactory threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                slots, slots, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
