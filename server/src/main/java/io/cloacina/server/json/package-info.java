/**
 * One JSON form of everything, for the HTTP API and for {@code --json} of the command line: begin with {@link
 * io.cloacina.server.json.JsonOf}. Not for applications: it changes without notice.
 */
@NullMarked
package io.cloacina.server.json;

import org.jspecify.annotations.NullMarked;
