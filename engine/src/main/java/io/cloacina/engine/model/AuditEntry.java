package io.cloacina.engine.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit log: a change that a user requested from a server, and how it ended.
 *
 * @param at when the change was requested
 * @param status the HTTP status of the answer; null if the change is in progress, or the server ended before the status
 *     was stored
 * @param code the error code; null for success
 * @param made the id of what was created, such as an execution; null if nothing was
 */
public record AuditEntry(
        UUID id,
        Instant at,
        AuditedChange change,
        @Nullable Integer status,
        @Nullable String code,
        @Nullable String made) {}
