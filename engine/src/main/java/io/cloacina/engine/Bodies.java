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
import org.jspecify.annotations.Nullable;

/**
 * The threads that task bodies run in: virtual ones where the JVM has them, otherwise a pool of as many as there are slots.
 * The bodies of transactional tasks run in platform threads, because the driver of SQLite would pin a carrier for long; few at
 * once, because each holds a connection that commits and the lease need as well.
 */
final class Bodies implements AutoCloseable {
    private static final String NAME = "cloacina-task-";
    private static final long IDLE_SECONDS = 5;
    private static final int TRANSACTIONS_AT_ONCE = 4;

    private final ExecutorService usual;
    private final ExecutorService transactional;
    // That of whoever builds the engine: threads that inherit nothing have another one on newer JVMs.
    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    /** SQLite has one writer anyway. */
    Bodies(int slots, Backend backend) {
        int together = backend == Backend.SQLITE ? 1 : Math.min(slots, TRANSACTIONS_AT_ONCE);
        this.transactional = pool(together, "cloacina-transaction-");
        this.usual = virtualThreads(slots);
    }

    void run(boolean isTransactional, Runnable body) {
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
            ThreadFactory factory = (ThreadFactory)
                    lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class))
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
