/**
 * Tables and statements as typed Java values. Extend {@link io.cloacina.schema.sql.Table} to declare a table;
 * {@link io.cloacina.schema.sql.Statements} creates statements.
 *
 * <p>Invariants: a table can only be named inside the statement that opened or joined it; a statement is composed once
 * per backend and is immutable from then on; what differs between backends is a method of
 * {@link io.cloacina.schema.sql.Dialect}, nowhere else.
 */
@NullMarked
package io.cloacina.schema.sql;

import org.jspecify.annotations.NullMarked;
