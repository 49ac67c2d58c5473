/**
 * The HTTP API and the web page of an engine. Begin with {@link io.cloacina.server.Dashboard}, which starts a server,
 * or mount {@link io.cloacina.server.CloacinaServlet} in your own server.
 */
@NullMarked
package io.cloacina.server;

import org.jspecify.annotations.NullMarked;
