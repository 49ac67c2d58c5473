package io.cloacina.server.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Identifies the sender of a request, for applications that have users of their own. It is called for each request, by
 * many threads at once. A caller whose browser sends credentials automatically (a cookie, or HTTP Basic) also needs a
 * CSRF token for each change; the forms of the web page contain it.
 */
@FunctionalInterface
public interface Authenticator {
    /** Returns the sender of a request; empty if it is unknown: then the request is refused. */
    Optional<User> authenticate(HttpServletRequest request);
}
