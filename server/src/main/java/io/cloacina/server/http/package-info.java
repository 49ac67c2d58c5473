/**
 * Requests find their way: a {@link io.cloacina.server.http.Route} is a method and a path, a {@link
 * io.cloacina.server.http.Call} is what was sent, an {@link io.cloacina.server.http.Answer} is what is sent back. Not for
 * applications: it changes without notice.
 */
@NullMarked
package io.cloacina.server.http;

import org.jspecify.annotations.NullMarked;
