/** The PostgreSQL that lacks something: in this package, because it makes the databases of tests so. */
@NullMarked
package io.cloacina.testing;

import org.jspecify.annotations.NullMarked;
