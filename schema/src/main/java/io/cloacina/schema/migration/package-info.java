/**
 * From the definition to a database: {@link io.cloacina.schema.migration.Ddl} renders it,
 * {@link io.cloacina.schema.migration.Migrator} brings a database to the version of this build.
 *
 * <p>Invariants: migrations only go forward; what a released version runs never changes (golden files compare it); all
 * pending versions are applied in one transaction or not at all.
 */
@NullMarked
package io.cloacina.schema.migration;

import org.jspecify.annotations.NullMarked;
