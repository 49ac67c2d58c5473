package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * How a change that a user requested from a server ended.
 *
 * @param status the HTTP status of the answer, from 100 to 599
 * @param code the error code, up to 100 characters; null for success
 * @param made the id of what was created, up to 300 characters; null if nothing was
 */
public record AuditOutcome(
        int status, @Nullable String code, @Nullable String made) {
    /** Checks the ranges and lengths. */
    public AuditOutcome {
        Arguments.number(Arguments.INVALID, "an HTTP status must be", status, 100, 599);
        if (code != null) {
            Arguments.name(Arguments.INVALID, "a code", code, 100);
        }
        if (made != null) {
            Arguments.name(Arguments.INVALID, "the created object", made, AuditedChange.MAX_OBJECT);
        }
    }
}
