package io.cloacina.benchmarks.peers;

import java.util.Locale;

/** What is measured of each library; in this order. */
enum Part {
    /** What it costs while there is nothing to do. */
    IDLE(Work.SINGLE),
    /** Jobs of one step, submitted one by one. */
    SINGLE(Work.SINGLE),
    /** Jobs of one step, submitted in groups. */
    BATCH(Work.SINGLE),
    /** Jobs of three steps in sequence, submitted one by one. */
    CHAIN(Work.CHAIN),
    /** Jobs of one step, three beside each other, and one, submitted one by one. */
    FAN(Work.FAN),
    /** Time from a submission to the known end of a job of one step. */
    LATENCY(Work.SINGLE);

    private final Work work;

    Part(Work work) {
        this.work = work;
    }

    Work work() {
        return work;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the most that can be done is measured. */
    boolean isThroughput() {
        return this != IDLE && this != LATENCY;
    }
}
