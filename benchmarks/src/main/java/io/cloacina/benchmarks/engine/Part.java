package io.cloacina.benchmarks.engine;

/** What the benchmark of the engine measures; in this order. */
enum Part {
    IDLE,
    THROUGHPUT,
    LATENCY,
    GROWTH,
    SLEEPERS
}
