package io.cloacina.crash;

import java.util.List;

/**
 * What a run came to.
 *
 * @param recoveriesFromLive tasks taken from a process that was neither dead nor stopped: one that got no processor, or
 *     no connection, for as long as its lease
 * @param rerunMillis from the end of a process to the new start of each task that it had, sorted
 * @param drainSeconds from the last kill until everything had ended
 * @param violations what must not be, each in a sentence
 */
record Outcome(
        Harm harm,
        int executions,
        int tasks,
        int attempts,
        int recoveries,
        int recoveriesFromLive,
        int abandoned,
        List<Double> rerunMillis,
        double drainSeconds,
        List<String> violations) {
    /**
     * What was done to them.
     *
     * @param kills with {@code kill -9}
     * @param suicides processes that ended themselves at a point of a task's life
     * @param stalls processes that were stopped for longer than their lease
     * @param cuts connections that the server ended
     * @param restarts of the server
     * @param clockSteps how often the clock of the database was set by hours, as far as leases tell
     * @param processes that were started
     */
    record Harm(int kills, int suicides, int stalls, int cuts, int restarts, int clockSteps, int processes) {}
}
