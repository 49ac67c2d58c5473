package io.cloacina.engine.model;

import java.util.List;

/**
 * Failures grouped by error, most frequent first. {@code isCutShort} is true if some are missing: only the 2,000
 * failures of the executions that ended last, and 1,000 different errors, are examined.
 */
public record Failures(List<FailureGroup> groups, boolean isCutShort) {}
