package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * A change that a user requests from a server.
 *
 * @param user the name of the user, up to 100 characters
 * @param role the role of the user, up to 100 characters; null if the caller was identified by a signature
 * @param address the address that the request comes from, up to 100 characters
 * @param action the requested change, such as {@code POST /api/v1/executions/{id}/cancel}, up to 200 characters
 * @param object the id or name of the object to change, up to 300 characters; null if there is no such object yet
 */
public record AuditedChange(
        String user,
        @Nullable String role,
        String address,
        String action,
        @Nullable String object) {
    private static final int SHORT = 100;
    private static final int MAX_ACTION = 200;

    /** The maximum length of {@code object}, in characters. */
    public static final int MAX_OBJECT = 300;

    /** Checks the lengths. */
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
