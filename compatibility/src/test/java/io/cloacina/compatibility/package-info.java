/** The built jars beside other versions of what users have. Everything runs in processes of its own, with class paths made for it. */
@NullMarked
package io.cloacina.compatibility;

import org.jspecify.annotations.NullMarked;
