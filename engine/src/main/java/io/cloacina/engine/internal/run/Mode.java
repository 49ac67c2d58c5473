package io.cloacina.engine.internal.run;

/** What an engine does without being called. */
public enum Mode {
    /** Runs tasks in its own threads, under a lease. */
    RUNNER,
    /** Runs tasks under a lease, in the thread that drives it and only when that thread calls it. */
    MANUAL,
    /** Runs nothing and has no lease: reads, submits and controls executions when it is called. */
    CLIENT;

    public boolean hasThreads() {
        return this == RUNNER;
    }

    public boolean runsTasks() {
        return this != CLIENT;
    }
}
