package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * How a change ended that somebody asked a server for.
 *
 * @param status the status of HTTP that was answered, from 100 to 599
 * @param code the code of the error, up to 100 characters; null for success
 * @param made the id of what was made, up to 300 characters; null for nothing
 */
public record AuditOutcome(
        int status, @Nullable String code, @Nullable String made) {
    /** Checks all of it. */
    public AuditOutcome {
        Arguments.number(Arguments.INVALID, "a status of HTTP is", status, 100, 599);
        if (code != null) {
            Arguments.name(Arguments.INVALID, "a code", code, 100);
        }
        if (made != null) {
            Arguments.name(Arguments.INVALID, "what was made", made, AuditedChange.MAX_OBJECT);
        }
    }
}
