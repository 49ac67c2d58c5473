/**
 * What a database really has: {@link io.cloacina.schema.catalog.SchemaCheck} compares it with the definition,
 * {@link io.cloacina.schema.catalog.SchemaReference} describes the definition.
 *
 * <p>Invariants: reading changes nothing and leaves nothing behind; the definition is made on the same engine and read
 * by the same reader as the database, so that what they are compared by is never a rendering of ours.
 */
@NullMarked
package io.cloacina.schema.catalog;

import org.jspecify.annotations.NullMarked;
