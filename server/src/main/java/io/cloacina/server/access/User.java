package io.cloacina.server.access;

import io.cloacina.api.Arguments;

/**
 * An identified caller.
 *
 * @param name the name in the audit log, up to 100 characters
 */
public record User(String name, Role role) {
    /** Checks the name and the role. */
    public User {
        Arguments.name(Arguments.INVALID, "a name of a user", name, 100);
        Arguments.given("a role", role);
    }
}
