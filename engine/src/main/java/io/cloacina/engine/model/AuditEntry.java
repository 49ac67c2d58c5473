package io.cloacina.engine.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change that somebody asked a server for, and how that ended.
 *
 * @param at when it was asked for
 * @param status the status of HTTP that was answered; null if the change is under way, or the server ended before that
 *     was stored
 * @param code the code of the error; null for success
 * @param made the id of what was made, such as an execution; null for nothing
 */
public record AuditEntry(
        UUID id,
        Instant at,
        AuditedChange change,
        @Nullable Integer status,
        @Nullable String code,
        @Nullable String made) {}
