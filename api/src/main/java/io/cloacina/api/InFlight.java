package io.cloacina.api;

/** Decides which version of a workflow finishes executions that another version began. */
public enum InFlight {
    /**
     * An execution whose version no live runner has continues with the newest version that a live runner has, if that
     * version is compatible with its unfinished tasks; otherwise it waits.
     */
    CONTINUE,
    /** Each execution is finished with the version that began it, and waits for a runner that has that version. */
    PINNED
}
