/**
 * What a workflow author writes against: {@link io.cloacina.api.WorkflowDefinition} and the {@link
 * io.cloacina.api.TaskContext} that a task body gets.
 *
 * <p>Invariants: a definition is valid once it is built, and immutable; its order is deterministic; its version is the same in
 * every process with the same classes. What a rule names has ended when the rule is asked.
 */
@NullMarked
package io.cloacina.api;

import org.jspecify.annotations.NullMarked;
