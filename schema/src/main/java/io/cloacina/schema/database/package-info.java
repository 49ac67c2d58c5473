/**
 * Running statements: {@link io.cloacina.schema.database.Database} opens a database by its URL, and transactions run
 * the statements of {@link io.cloacina.schema.sql.Statements}.
 *
 * <p>Invariants: a transaction means the same on both backends, and any error in it makes it rollback-only; an error
 * carries its kind, statement, table and constraint; a password never appears in a message; {@code close()} leaves
 * nothing open.
 */
@NullMarked
package io.cloacina.schema.database;

import org.jspecify.annotations.NullMarked;
