/**
 * What a database really has: {@link io.cloacina.schema.catalog.SchemaCheck} compares it with the definition,
 * {@link io.cloacina.schema.catalog.SchemaReference} describes the definition.
 *
 * <p>Invariants: reading changes nothing and leaves nothing behind; the declared tables are created on the same kind of
 * database and read by the same reader, so that a database is never compared with a rendering of ours.
 */
@NullMarked
package io.cloacina.schema.catalog;

import org.jspecify.annotations.NullMarked;
