package io.cloacina.engine.model;

import io.cloacina.api.StorageType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A package in the database, as it was when it was read, without its bytes.
 *
 * @param contentHash the SHA-256 hash of the jar, in hexadecimal digits
 * @param bytes the size of the jar in bytes
 * @param classes the names of its workflow classes, from its manifest
 * @param workflows the names and versions of its workflows, {@code name@version}; empty until a runner has loaded it
 * @param isSigned whether it has a signature; each runner decides whether to trust it
 * @param updatedAt when it was last uploaded: of several versions, the last upload runs new executions
 * @param deletedAt when it was deleted: since then it accepts no new submissions, and is only kept for executions that
 *     began with it; null if it was not deleted
 * @param problems the live runners that cannot load it, with the reason
 */
public record StoredPackage(
        UUID id,
        String name,
        String version,
        @Nullable String description,
        @Nullable String author,
        StorageType storage,
        String contentHash,
        int bytes,
        List<String> classes,
        List<String> workflows,
        boolean isSigned,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant deletedAt,
        List<Problem> problems) {
    /**
     * A runner that cannot load a package, and why. It tries again when the package is uploaded again, and when it
     * restarts.
     */
    public record Problem(UUID runner, String host, long pid, String reason) {}

    /** Copies the lists. */
    public StoredPackage {
        classes = List.copyOf(classes);
        workflows = List.copyOf(workflows);
        problems = List.copyOf(problems);
    }
}
