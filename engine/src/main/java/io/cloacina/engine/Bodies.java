package io.cloacina.engine;

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

/**
 * The threads that task bodies run in: virtual ones where the JVM has them, otherwise a pool of as many as there are slots.
 * The bodies of transactional tasks run in platform threads, because the driver of SQLite would pin a carrier for long; few at
 * once, because each holds a connection that commits and the lease need as well.
 */
final class Bodies implements AutoCloseable {
    private static final long IDLE_SECONDS = 5;
    private static final int TRANSACTIONS_AT_ONCE = 4;

    private final ExecutorService usual;
    private final ExecutorService transactional;

    /** SQLite has one writer anyway. */
    Bodies(int slots, Backend backend) {
        int together = backend == Backend.SQLITE ? 1 : Math.min(slots, TRANSACTIONS_AT_ONCE);
        this.transactional = pool(together, "cloacina-transaction-");
        this.usual = virtualThreads(slots);
    }

    void run(boolean isTransactional, Runnable body) {
        (isTransactional ? transactional : usual).execute(body);
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
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (Throwable e) { // what a method handle may throw; most likely the JVM is older
            return pool(slots, "cloacina-task-");
        }
    }

    /** Threads appear when they are needed; there are never more bodies than slots. */
    private static ExecutorService pool(int slots, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = work -> {
            Thread thread = new Thread(work, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                slots, slots, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
