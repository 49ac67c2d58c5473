package io.cloacina.schema.copy;

import io.cloacina.schema.internal.ArgumentChecks;
import org.jspecify.annotations.Nullable;

/**
 * The result of copying one table.
 *
 * @param sourceSha256 the SHA-256 hash of all values of the source in the order of the primary key, in hexadecimal
 *     digits; equal for equal rows, also on different backends
 * @param targetSha256 the same for the target
 * @param difference the first row that differs, and how; null if there is none
 */
public record CopiedTable(
        String table,
        long sourceRows,
        long targetRows,
        String sourceSha256,
        String targetSha256,
        @Nullable String difference) {
    /** Checks that nothing but the difference is null. */
    public CopiedTable {
        ArgumentChecks.given("the table", table);
        ArgumentChecks.given("the hash of the source", sourceSha256);
        ArgumentChecks.given("the hash of the target", targetSha256);
    }

    /** Whether both sides hold the same rows. */
    public boolean isSame() {
        return difference == null && sourceRows == targetRows && sourceSha256.equals(targetSha256);
    }
}
