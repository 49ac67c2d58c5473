package io.cloacina.benchmarks.answers;

import io.cloacina.benchmarks.Samples;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * How long an answer took, in milliseconds.
 *
 * @param size of the answer: how many rows it has or, of one over HTTP, how many bytes
 */
record Timed(String name, Samples millis, long size) {
    private static final int WARM_UPS = 3;
    private static final int TIMES = 11;

    /** Gives an answer and says how large it is. */
    interface Asked {
        long answer() throws IOException, InterruptedException;
    }

    static Timed of(String name, Asked asked) throws IOException, InterruptedException {
        long size = 0;
        for (int i = 0; i < WARM_UPS; i++) {
            size = asked.answer();
        }
        double[] millis = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long begunAt = System.nanoTime();
            size = asked.answer();
            millis[i] = (System.nanoTime() - begunAt) / (double) TimeUnit.MILLISECONDS.toNanos(1);
        }
        return new Timed(name, new Samples(millis), size);
    }
}
