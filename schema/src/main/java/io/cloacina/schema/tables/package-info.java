/**
 * The tables of Cloacina, each declared in one class; {@link io.cloacina.schema.tables.CloacinaSchema} combines them.
 *
 * <p>Invariants: ids are made by the application (UUID version 7); instants are UTC with microseconds and are written
 * by the application, never by the database; every foreign key has an index that begins with its column, so that
 * deleting a parent reads only its children.
 */
@NullMarked
package io.cloacina.schema.tables;

import org.jspecify.annotations.NullMarked;
