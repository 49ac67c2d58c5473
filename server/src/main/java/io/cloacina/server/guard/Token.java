package io.cloacina.server.guard;

import io.cloacina.server.access.User;

/** A secret text that identifies a caller. */
public record Token(User user, String secret) {
    /** Contains only the user, because a secret must not be printed. */
    @Override
    public String toString() {
        return "Token[user=" + user + "]";
    }
}
