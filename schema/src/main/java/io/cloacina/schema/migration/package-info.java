/**
 * From the definition to a database: {@link io.cloacina.schema.migration.Ddl} renders it,
 * {@link io.cloacina.schema.migration.Migrator} brings a database to the version of this build.
 *
 * <p>Invariants: migrations only go forward; the SQL of a released version never changes (golden files check it); all
 * pending versions are applied in one transaction or not at all.
 */
@NullMarked
package io.cloacina.schema.migration;

import org.jspecify.annotations.NullMarked;
