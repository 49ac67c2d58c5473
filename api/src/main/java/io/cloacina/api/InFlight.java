package io.cloacina.api;

/** Which version of a workflow finishes the executions that were begun with another one. */
public enum InFlight {
    /**
     * An execution whose version no live runner has continues with the newest version that runners have, if that is
     * compatible with its unfinished tasks; otherwise it waits.
     */
    CONTINUE,
    /** Each execution is finished with the version that it was begun with, and waits for a runner that has it. */
    PINNED
}
