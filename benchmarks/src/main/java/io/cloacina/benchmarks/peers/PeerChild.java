package io.cloacina.benchmarks.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.benchmarks.FreshJvm;
import io.cloacina.benchmarks.Meter;
import io.cloacina.benchmarks.Samples;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Measures one library in a JVM of its own, whose main class this is, too. */
final class PeerChild {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Order order;
    private final Meter meter;
    private final PeerLoad load;
    private final Map<String, Double> figures = new LinkedHashMap<>();

    private PeerChild(Order order, Meter meter, PeerLoad load) {
        this.order = order;
        this.meter = meter;
        this.load = load;
    }

    /** What a child is asked to do; the URL may hold a password. */
    record Order(Contender contender, String url, Set<Part> parts, PeersSettings settings) {}

    /**
     * What it came to.
     *
     * @param figures by name, such as {@code single.rate}
     * @param durability the settings that make commits durable
     * @param jobs that were submitted
     * @param notOnce jobs whose steps did not run exactly once each
     */
    record Result(Map<String, Double> figures, String durability, int jobs, int notOnce) {}

    static Result run(Order order) throws IOException, InterruptedException {
        return JSON.readValue(FreshJvm.run(PeerChild.class, JSON.writeValueAsString(order)), Result.class);
    }

    /** Reads an order from its input and writes a result. */
    public static void main(String[] arguments) throws Exception {
        System.out.println(JSON.writeValueAsString(measure(JSON.readValue(System.in, Order.class))));
    }

    private static Result measure(Order order) throws Exception {
        Ledger ledger = new Ledger();
        try (Meter meter = Meter.of(order.url(), order.settings().reportedMillis())) {
            PeerDatabase database = new PeerDatabase(order.url(), meter);
            try (Peer peer = open(order.contender(), database, ledger)) {
                String durability = database.durability(order.settings().durable());
                PeerLoad load = new PeerLoad(order.contender(), peer, ledger, meter);
                PeerChild child = new PeerChild(order, meter, load);
                child.measureParts();
                return new Result(child.figures, durability, ledger.taken(), load.notOnce());
            }
        }
    }

    private static Peer open(Contender contender, PeerDatabase database, Ledger ledger) throws SQLException {
        return switch (contender) {
            case CLOACINA -> new CloacinaPeer(database, ledger);
            case DB_SCHEDULER -> new DbSchedulerPeer(database, ledger);
            case JOBRUNR -> new JobRunrPeer(database, ledger);
            case DBOS -> new DbosPeer(database, ledger);
        };
    }

    private void measureParts() throws SQLException, IOException, InterruptedException {
        for (Part part : EnumSet.copyOf(order.parts())) {
            if (order.contender().whyNot(part).isPresent()) {
                continue;
            }
            switch (part) {
                case IDLE -> idle();
                case SINGLE, BATCH, CHAIN, FAN -> throughput(part);
                case LATENCY -> latency();
            }
        }
    }

    private void throughput(Part part) throws SQLException, IOException, InterruptedException {
        PeerLoad.Throughput measured = load.throughput(part, order.settings());
        figures.put(part.label() + ".jobs_per_s", measured.rate());
        figures.put(part.label() + ".cpu_s_per_1000_steps", measured.cpuSeconds());
        figures.put(part.label() + ".commits_per_1000_steps", measured.commits());
    }

    private void latency() throws SQLException, InterruptedException {
        load.latency(1);
        Samples millis = load.latency(order.settings().latencySeconds());
        figures.put("latency.p50_ms", millis.median());
        figures.put("latency.p99_ms", millis.quantile(0.99));
    }

    private void idle() throws SQLException, IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(order.settings().settlingSeconds());
        long begin = System.nanoTime();
        Meter.Reading before = meter.read();
        TimeUnit.SECONDS.sleep(order.settings().idleSeconds());
        Meter.Reading after = meter.read();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double commits = after.commits() - before.commits() - meter.commitsOfReading();
        figures.put("idle.transactions_per_s", commits / seconds);
        figures.put("idle.cpu_percent", (after.cpuSeconds() - before.cpuSeconds()) / seconds * 100);
    }
}
