package io.cloacina.server.guard;

import io.cloacina.server.access.User;

/** A secret text by which a caller is known. */
public record Token(User user, String secret) {
    /** Only the user: a secret is not printed. */
    @Override
    public String toString() {
        return "Token[user=" + user + "]";
    }
}
