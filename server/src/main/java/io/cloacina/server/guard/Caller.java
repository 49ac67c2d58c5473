package io.cloacina.server.guard;

import io.cloacina.server.access.User;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param user null if that is not known
 * @param isByBrowser whether the browser may have said so on its own: then a change needs the token of a form
 * @param csrf that token
 */
public record Caller(@Nullable User user, boolean isByBrowser, String csrf) {}
