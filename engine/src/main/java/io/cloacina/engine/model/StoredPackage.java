package io.cloacina.engine.model;

import io.cloacina.api.StorageType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A package of the database, as it was when it was read, without its bytes.
 *
 * @param contentHash the SHA-256 of the jar, hexadecimal
 * @param bytes the size of the jar
 * @param classes the names of the classes of its workflows, from its manifest
 * @param workflows the names and versions of its workflows, {@code name@version}; empty until a runner has loaded it
 * @param isSigned whether it has a signature; each runner decides whether to trust it
 * @param updatedAt when it was uploaded last: of several versions the one that was uploaded last serves new executions
 * @param deletedAt since when it serves no new submissions and is only kept for executions that began with it; null if
 *     it serves
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
    /** A runner that cannot load it. It tries again when the package is uploaded again, or when it is started again. */
    public record Problem(UUID runner, String host, long pid, String reason) {}

    /** Copies the lists. */
    public StoredPackage {
        classes = List.copyOf(classes);
        workflows = List.copyOf(workflows);
        problems = List.copyOf(problems);
    }
}
