/** An application with tables of its own beside those of the engine: orders, their lines, and a ledger of the stock. */
@NullMarked
package io.cloacina.examples.warehouse;

import org.jspecify.annotations.NullMarked;
