package io.cloacina.engine.internal.run;

/** What an engine does by itself. */
public enum Mode {
    /** It runs tasks in threads of its own, under a lease. */
    RUNNER,
    /** It runs tasks, under a lease, in the thread that turns it and when that does. */
    BY_HAND,
    /** It runs nothing and has no lease: it looks, submits and intervenes when it is asked to. */
    CLIENT;

    public boolean hasThreads() {
        return this == RUNNER;
    }

    public boolean runsTasks() {
        return this != CLIENT;
    }
}
