package io.cloacina.server.guard;

import io.cloacina.server.access.User;
import org.jspecify.annotations.Nullable;

/**
 * The sender of a request.
 *
 * @param user null if unknown
 * @param isByBrowser whether a browser may have sent the credentials automatically: then a change needs a CSRF token
 * @param csrf that token
 */
public record Caller(@Nullable User user, boolean isByBrowser, String csrf) {}
