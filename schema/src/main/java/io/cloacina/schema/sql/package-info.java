/**
 * Tables and statements as typed Java values. A schema is declared by extending {@link
 * io.cloacina.schema.sql.Table}; statements over it are made by {@link io.cloacina.schema.sql.Statements}.
 *
 * <p>Invariants: a table can only be named inside the statement that opened or joined it; a statement is composed once per
 * backend and is immutable from then on; what differs between backends is a method of {@link
 * io.cloacina.schema.sql.Dialect}, nowhere else.
 */
@NullMarked
package io.cloacina.schema.sql;

import org.jspecify.annotations.NullMarked;
