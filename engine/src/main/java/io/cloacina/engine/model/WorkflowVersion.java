package io.cloacina.engine.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a workflow that a runner has stored in the database, as it was when it was read.
 *
 * @param storedAt when the first runner that has it started
 * @param storedPackage the package that contains it, {@code name@version}; null if it was not loaded from a package
 * @param isPackageDeleted whether that package was deleted: the version is only kept for executions that began with it
 * @param runners how many live runners have it, by the clock of the database
 * @param unfinished the number of its unfinished executions
 */
public record WorkflowVersion(
        String workflow,
        String version,
        Instant storedAt,
        @Nullable String storedPackage,
        boolean isPackageDeleted,
        int runners,
        long unfinished) {}
