@NullMarked
package io.cloacina.server;

import org.jspecify.annotations.NullMarked;
