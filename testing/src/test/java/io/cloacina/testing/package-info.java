/** Tests of the module itself. */
@NullMarked
package io.cloacina.testing;

import org.jspecify.annotations.NullMarked;
