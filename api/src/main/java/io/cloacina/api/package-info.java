/**
 * What a workflow author writes against: {@link io.cloacina.api.WorkflowDefinition} and the {@link
 * io.cloacina.api.TaskContext} that a task body gets.
 *
 * <p>Invariants: a definition is valid once it is built, and immutable; its order is deterministic.
 */
@NullMarked
package io.cloacina.api;

import org.jspecify.annotations.NullMarked;
