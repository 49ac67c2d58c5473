/** What all packages of this module use, and no other module can. */
@NullMarked
package io.cloacina.schema.internal;

import org.jspecify.annotations.NullMarked;
