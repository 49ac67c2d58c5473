@NullMarked
package io.cloacina.server.guard;

import org.jspecify.annotations.NullMarked;
