package io.cloacina.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An engine that runs tasks on the database, as it was when it was read. Instants are those of the database's clock.
 * {@code isAlive} says whether its lease had not expired, and its process, if it ran on this host, had not ended.
 * {@code workflows} are names and versions, {@code name@version}, sorted.
 */
public record Runner(
        UUID id,
        String host,
        long pid,
        Instant startedAt,
        Instant leaseUntil,
        boolean isAlive,
        List<String> workflows) {
    /** Copies the list. */
    public Runner {
        workflows = List.copyOf(workflows);
    }
}
