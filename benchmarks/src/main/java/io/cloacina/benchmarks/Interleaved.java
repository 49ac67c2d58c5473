package io.cloacina.benchmarks;

import com.sun.management.ThreadMXBean;
import io.cloacina.benchmarks.Fork.Figures;
import io.cloacina.benchmarks.Operation.Load;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.Random;

/**
 * Compares floor and layer in short slices that take turns, in random order: a slower spell of the machine, a collection of
 * garbage or a checkpoint then meets both alike, and the ratio of neighbouring slices is steadier than either time.
 */
final class Interleaved {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MOST_OPERATIONS = 4_000;

    private final Settings settings;
    private final Seed seed;
    private final Random random = new Random(42);

    Interleaved(Settings settings, Seed seed) {
        this.settings = settings;
        this.seed = seed;
    }

    /** One slice, per operation. */
    private record Slice(double nanos, double bytes) {}

    /** Medians of all rounds; the ratio is that of neighbouring slices. */
    Figures compare(Operation operation, Operations floor, Operations layer) throws SQLException {
        int count = warmUp(operation, floor, layer);
        int rounds = settings.rounds();
        double[] floorNanos = new double[rounds];
        double[] layerNanos = new double[rounds];
        double[] ratios = new double[rounds];
        double[] floorBytes = new double[rounds];
        double[] layerBytes = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            Load load = operation.load(seed, count);
            boolean floorFirst = random.nextBoolean();
            Slice first = slice(load, operation, floorFirst ? floor : layer, count);
            Slice second = slice(load, operation, floorFirst ? layer : floor, count);
            Slice ofFloor = floorFirst ? first : second;
            Slice ofLayer = floorFirst ? second : first;
            floorNanos[round] = ofFloor.nanos;
            layerNanos[round] = ofLayer.nanos;
            ratios[round] = ofLayer.nanos / ofFloor.nanos;
            floorBytes[round] = ofFloor.bytes;
            layerBytes[round] = ofLayer.bytes;
            floor.clear();
            layer.clear();
        }
        return new Figures(
                new Samples(floorNanos).median(),
                new Samples(layerNanos).median(),
                new Samples(ratios).median(),
                new Samples(floorBytes).median(),
                new Samples(layerBytes).median());
    }

    /** Runs both until they are compiled; returns how many operations fill a slice. */
    private int warmUp(Operation operation, Operations floor, Operations layer) throws SQLException {
        long sliceNanos = settings.sliceMillis() * 1_000_000L;
        long end = System.nanoTime() + settings.warmupMillis() * 1_000_000L;
        int count = 1;
        do {
            Load load = operation.load(seed, count);
            Slice ofFloor = slice(load, operation, floor, count);
            slice(load, operation, layer, count);
            floor.clear();
            layer.clear();
            int most = MOST_OPERATIONS / operation.rows();
            count = (int) Math.max(1, Math.min(most, sliceNanos / ofFloor.nanos));
        } while (System.nanoTime() < end);
        return count;
    }

    private static Slice slice(Load load, Operation operation, Operations on, int count) throws SQLException {
        long thread = Thread.currentThread().getId();
        long bytes = THREADS.getThreadAllocatedBytes(thread);
        long start = System.nanoTime();
        int rows = load.run(on);
        long nanos = System.nanoTime() - start;
        bytes = THREADS.getThreadAllocatedBytes(thread) - bytes;
        if (rows != count * operation.rows()) {
            throw new IllegalStateException(
                    operation.label() + " touched " + rows + " rows of " + count + " operations");
        }
        return new Slice((double) nanos / count, (double) bytes / count);
    }
}
