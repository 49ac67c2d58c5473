/**
 * Identifies callers and what they may do: {@link io.cloacina.server.access.Role} and
 * {@link io.cloacina.server.access.Authenticator}.
 */
@NullMarked
package io.cloacina.server.access;

import org.jspecify.annotations.NullMarked;
