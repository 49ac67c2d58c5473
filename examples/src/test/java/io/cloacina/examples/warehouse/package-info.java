@NullMarked
package io.cloacina.examples.warehouse;

import org.jspecify.annotations.NullMarked;
