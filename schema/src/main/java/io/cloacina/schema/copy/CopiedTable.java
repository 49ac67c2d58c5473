package io.cloacina.schema.copy;

import java.util.Optional;

/**
 * One table after a copy: what both sides hold.
 *
 * @param sourceSha256 of all values in the order of the primary key, hexadecimal; the same for the same rows on both backends
 * @param targetSha256 the same of the target
 * @param difference the first row that is not the same, and how it differs; empty if all are
 */
public record CopiedTable(
        String table,
        long sourceRows,
        long targetRows,
        String sourceSha256,
        String targetSha256,
        Optional<String> difference) {
    /** Whether both sides hold the same rows. */
    public boolean isSame() {
        return difference.isEmpty() && sourceRows == targetRows && sourceSha256.equals(targetSha256);
    }
}
