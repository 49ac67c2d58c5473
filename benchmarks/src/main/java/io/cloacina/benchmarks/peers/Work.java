package io.cloacina.benchmarks.peers;

import java.util.Locale;

/** What is submitted; the bodies do nothing but count. */
enum Work {
    /** One step. */
    SINGLE(1),
    /** Three steps in sequence. */
    CHAIN(3),
    /** One step, three beside each other, one. */
    FAN(5);

    private final int steps;

    Work(int steps) {
        this.steps = steps;
    }

    int steps() {
        return steps;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
