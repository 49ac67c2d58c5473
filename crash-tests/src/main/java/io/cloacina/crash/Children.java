package io.cloacina.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.benchmarks.FreshJvm;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes that are killed: each that ends is replaced. Used by one thread. */
final class Children implements AutoCloseable {
    private static final int KILLED = 128 + 9;
    private static final long THREAD_DUMP_MILLIS = 1_000;

    /** The default, the least, and one between. */
    private static final int[] POOLS = {10, 2, 4};

    private final CrashSettings settings;
    private final String url;
    private final Path folder;
    private final Random random;
    private final List<Running> running = new ArrayList<>();
    private final Deaths deaths = new Deaths(new HashMap<>(), new HashMap<>());
    private final Set<Long> stalled = new HashSet<>();
    private final List<String> unexpected = new ArrayList<>();
    private int started;
    private int kills;
    private int suicides;

    Children(CrashSettings settings, String url, Path folder, Random random) {
        this.settings = settings;
        this.url = url;
        this.folder = folder;
        this.random = random;
    }

    /** One process and what it was asked to do. */
    private record Running(Process process, Order order) {}

    int kills() {
        return kills;
    }

    int suicides() {
        return suicides;
    }

    int started() {
        return started;
    }

    /** When processes ended that did not end in order, in microseconds since 1970: by process id, and by their number. */
    record Deaths(Map<Long, Long> byPid, Map<Integer, Long> byNumber) {
        private void add(Running child) {
            long now = History.micros(Instant.now());
            byPid.putIfAbsent(child.process.pid(), now);
            byNumber.putIfAbsent(child.order.process(), now);
        }
    }

    Deaths deaths() {
        return deaths;
    }

    /** The process ids of those that were stopped for a while. */
    Set<Long> stalled() {
        return stalled;
    }

    /** Processes that ended and nobody had ended them. */
    List<String> unexpected() {
        return unexpected;
    }

    /** As many as there should be, of which some end themselves sooner or later. */
    void fill(boolean mayEndThemselves, boolean mayFailToStart) throws IOException {
        for (Running child : List.copyOf(running)) {
            if (!child.process.isAlive()) {
                running.remove(child);
                ended(child, mayFailToStart);
            }
        }
        while (running.size() < settings.processes()) {
            running.add(start(mayEndThemselves));
        }
    }

    private void ended(Running child, boolean mayFail) {
        int code = child.process.exitValue();
        deaths.add(child);
        if (code == Child.Suicide.EXIT_CODE) {
            suicides++;
        } else if (code != KILLED && !mayFail) {
            unexpected.add("process " + child.order.process() + " ended by itself with exit code " + code + ", see "
                    + log(child.order.process()));
        }
    }

    private Running start(boolean mayEndItself) throws IOException {
        int number = started++;
        Point[] points = Point.values();
        Order order = new Order(
                number,
                withSomePool(number),
                folder.toString(),
                random.nextLong(),
                mayEndItself && random.nextBoolean() ? points[number % points.length] : null,
                20 + random.nextInt(300),
                settings.ratePerSecond(),
                settings.leaseMillis());
        List<String> command = FreshJvm.command(
                Child.class, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(number).toFile())
                .start();
        Running child = new Running(process, order);
        tell(child, new ObjectMapper().writeValueAsString(order));
        return child;
    }

    /** On PostgreSQL some have very few connections. */
    private String withSomePool(int number) {
        return url.startsWith("postgres") ? url + "&pool_size=" + POOLS[number % POOLS.length] : url;
    }

    private Path log(int number) {
        return folder.resolve(number + ".log");
    }

    private static void tell(Running child, String line) {
        try {
            Writer input = child.process.outputWriter(StandardCharsets.UTF_8);
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            // It has just ended: that is found when it is looked at.
        }
    }

    /** {@code kill -9} for one of them. */
    void killOne() {
        Running child = any();
        if (child != null && child.process.isAlive()) {
            deaths.add(child);
            child.process.destroyForcibly();
            kills++;
        }
    }

    /** Stops one of them, which knows nothing of it; returns what lets it go on. */
    @Nullable
    Runnable stallOne() throws IOException {
        Running child = any();
        if (child == null) {
            return null;
        }
        stalled.add(child.process.pid());
        signal("STOP", child);
        return () -> {
            try {
                signal("CONT", child);
            } catch (IOException e) {
                child.process.destroyForcibly();
            }
        };
    }

    /** Has the JVM write the stacks of its threads to its log. */
    private static void showThreads(Running child) throws IOException, InterruptedException {
        signal("QUIT", child);
        TimeUnit.MILLISECONDS.sleep(THREAD_DUMP_MILLIS);
    }

    private static void signal(String name, Running child) throws IOException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(child.process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private @Nullable Running any() {
        return running.isEmpty() ? null : running.get(random.nextInt(running.size()));
    }

    /** Tells all of them that no more work comes; whether all have heard it and submit nothing any more. */
    boolean drain() {
        running.forEach(child -> tell(child, Child.DRAIN));
        return running.stream().allMatch(child -> Files.exists(child.order.drained()));
    }

    /** Ends all of them in order; those that do not end within that time are named. */
    List<String> closeAll(long millis) throws InterruptedException, IOException {
        List<String> problems = new ArrayList<>();
        for (Running child : running) {
            if (!Files.exists(child.order.drained())) {
                showThreads(child);
                problems.add("process " + child.order.process() + " does not end what it does, see its threads in "
                        + log(child.order.process()));
            }
        }
        running.forEach(child -> tell(child, Child.CLOSE));
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Running child : running) {
            if (!child.process.waitFor(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                showThreads(child);
                problems.add("process " + child.order.process() + " does not close, see its threads in "
                        + log(child.order.process()));
                child.process.destroyForcibly().waitFor();
            } else if (child.process.exitValue() != 0) {
                problems.add("process " + child.order.process() + " closed with exit code " + child.process.exitValue()
                        + ", see " + log(child.order.process()));
            }
        }
        running.clear();
        return problems;
    }

    /** Leaves nothing behind, whatever happened. */
    @Override
    public void close() {
        running.forEach(child -> child.process.destroyForcibly());
    }
}
