/** How values become JSON and values again. No API: it changes at any time. */
@NullMarked
package io.cloacina.engine.internal.json;

import org.jspecify.annotations.NullMarked;
