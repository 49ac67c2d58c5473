@NullMarked
package io.cloacina.server.page;

import org.jspecify.annotations.NullMarked;
