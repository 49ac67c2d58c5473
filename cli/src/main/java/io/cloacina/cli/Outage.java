package io.cloacina.cli;

import io.cloacina.schema.database.DatabaseException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * For a command that reads again and again until it is ended: a database that is away for a time does not end it. Stderr says
 * once that it is away, and once that it is back. Not thread safe.
 */
final class Outage {
    private final Output output;
    private final boolean isLasting;
    private boolean isAway;

    /** @param isLasting whether the command reads again; otherwise what it cannot read is its end */
    Outage(Output output, boolean isLasting) {
        this.output = output;
        this.isLasting = isLasting;
    }

    /** What is read; empty if the database cannot be read now. */
    <T> Optional<T> read(Supplier<T> reading) {
        try {
            T read = reading.get();
            if (isAway) {
                isAway = false;
                output.remark("the database answers again");
            }
            return Optional.of(read);
        } catch (DatabaseException e) {
            if (!isLasting || !e.kind().isRetryable()) {
                throw e;
            }
            if (!isAway) {
                isAway = true;
                output.remark("the database does not answer; retrying until it does: " + e.getMessage());
            }
            return Optional.empty();
        }
    }
}
