/** Tests of parts of the API. */
@NullMarked
package io.cloacina.server.api;

import org.jspecify.annotations.NullMarked;
