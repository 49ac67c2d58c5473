/**
 * The types for authors of workflows: {@link io.cloacina.api.WorkflowDefinition} and the
 * {@link io.cloacina.api.TaskContext} that a task body receives.
 *
 * <p>Invariants: a definition is valid once it is built, and immutable; its order is deterministic; its version is the
 * same in every process with the same classes. The tasks that a rule names have ended when the rule is decided.
 */
@NullMarked
package io.cloacina.api;

import org.jspecify.annotations.NullMarked;
