package io.cloacina.server.access;

import io.cloacina.api.Arguments;

/**
 * A caller who is known.
 *
 * @param name how the audit log names this caller, up to 100 characters
 */
public record User(String name, Role role) {
    /** Checks both. */
    public User {
        Arguments.name(Arguments.INVALID, "a name of a user", name, 100);
        Arguments.given("a role", role);
    }
}
