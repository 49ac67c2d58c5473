/**
 * From one database to another: {@link io.cloacina.schema.copy.SchemaCopy} copies all rows, between any two backends.
 *
 * <p>Invariants: what is copied follows from the definition alone; a table is copied in the order of its primary key, a
 * page for each transaction, so that the greatest key of the target says how far it is; until both sides were compared
 * and found the same, no engine works on the target.
 */
@NullMarked
package io.cloacina.schema.copy;

import org.jspecify.annotations.NullMarked;
