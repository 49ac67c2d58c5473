/** The HTTP API: {@link io.cloacina.server.api.Api} lists what there is. Not for applications: it changes without notice. */
@NullMarked
package io.cloacina.server.api;

import org.jspecify.annotations.NullMarked;
