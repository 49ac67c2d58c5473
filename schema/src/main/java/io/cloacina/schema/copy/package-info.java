/**
 * From one database to another: {@link io.cloacina.schema.copy.SchemaCopy} copies all rows, between any two backends.
 *
 * <p>Invariants: the definition alone determines what is copied; a table is copied in the order of its primary key, a
 * page for each transaction, so that the greatest key of the target shows the progress; until both sides were compared
 * and found equal, no engine works on the target.
 */
@NullMarked
package io.cloacina.schema.copy;

import org.jspecify.annotations.NullMarked;
