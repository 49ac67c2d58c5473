/**
 * Finds out who calls, and whether a request comes from where it may come from: {@link io.cloacina.server.guard.Guard}. Not
 * for applications: it changes without notice.
 */
@NullMarked
package io.cloacina.server.guard;

import org.jspecify.annotations.NullMarked;
