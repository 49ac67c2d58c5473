package io.cloacina.server.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Tells who sends a request: for applications that have users of their own. It is asked for each request, by many
 * threads at once. A caller whom the browser authenticates without being asked (by a cookie, or HTTP Basic) needs the
 * token of a form for each change, as {@link User}s of the page do.
 */
@FunctionalInterface
public interface Authenticator {
    /** Who sends this; empty if that is not known: then the request is refused. */
    Optional<User> authenticate(HttpServletRequest request);
}
