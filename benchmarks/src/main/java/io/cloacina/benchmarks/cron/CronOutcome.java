package io.cloacina.benchmarks.cron;

import io.cloacina.benchmarks.Samples;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param kills processes that were killed
 * @param occurrences that are in the tables
 * @param violations what is missing, doubled, or did not end; empty if all is well
 * @param lateMillis how late occurrences were after the last kill, when all processes were there
 * @param lateInAllMillis how late they were in all, kills included
 * @param idleTransactions transactions in a minute in which nothing was due, of one process; null where nobody counts them
 */
record CronOutcome(
        int kills,
        long occurrences,
        List<String> violations,
        Samples lateMillis,
        Samples lateInAllMillis,
        @Nullable Double idleTransactions) {}
