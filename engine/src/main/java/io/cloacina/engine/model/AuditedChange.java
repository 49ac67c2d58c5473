package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * A change that somebody asks a server for.
 *
 * @param user who asks, up to 100 characters
 * @param role what that user may do, up to 100 characters; null if a signature made the caller known
 * @param address where the request comes from, up to 100 characters
 * @param action what is asked for, such as {@code POST /api/v1/executions/{id}/cancel}, up to 200 characters
 * @param object the id or the name of what is to be changed, up to 300 characters; null for nothing that was there before
 */
public record AuditedChange(
        String user,
        @Nullable String role,
        String address,
        String action,
        @Nullable String object) {
    private static final int SHORT = 100;
    private static final int MAX_ACTION = 200;

    /** How many characters an object has at most. */
    public static final int MAX_OBJECT = 300;

    /** Checks all of it. */
    public AuditedChange {
        Arguments.name(Arguments.INVALID, "a user", user, SHORT);
        Arguments.name(Arguments.INVALID, "an address", address, SHORT);
        Arguments.name(Arguments.INVALID, "an action", action, MAX_ACTION);
        if (role != null) {
            Arguments.name(Arguments.INVALID, "a role", role, SHORT);
        }
        if (object != null) {
            Arguments.name(Arguments.INVALID, "an object", object, MAX_OBJECT);
        }
    }
}
