package io.cloacina.engine.model;

import java.util.List;

/**
 * Failures by error, most frequent first. {@code isCutShort}: these are not all of them, because more executions have failed,
 * or with more errors, than are looked through: the 2,000 failures of what ended last, and 1,000 errors.
 */
public record Failures(List<FailureGroup> groups, boolean isCutShort) {}
