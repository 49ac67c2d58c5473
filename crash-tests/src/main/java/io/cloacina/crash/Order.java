package io.cloacina.crash;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a child process is asked to do.
 *
 * @param process its number, never used before; each is one process, not one of those that run at once
 * @param url the database
 * @param folder where the history is
 * @param seed of its random decisions
 * @param point where it ends itself, if it does
 * @param passes how often it passes that point before
 * @param ratePerSecond executions to submit
 * @param leaseMillis the lease of its runner
 */
record Order(
        int process,
        String url,
        String folder,
        long seed,
        @Nullable Point point,
        int passes,
        int ratePerSecond,
        long leaseMillis) {
    /** A file that is there when the process submits nothing any more. */
    Path drained() {
        return Path.of(folder, process + ".drained");
    }
}
