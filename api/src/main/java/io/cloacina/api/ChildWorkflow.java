package io.cloacina.api;

import org.jspecify.annotations.Nullable;

/**
 * A task submits an execution of another workflow and waits for it. Immutable.
 *
 * @param workflow the name of that workflow
 * @param take the key of the child's context whose value becomes the output of the task; null for all of the context
 */
public record ChildWorkflow(String workflow, @Nullable String take) {
    /** Checks that there is a workflow. */
    public ChildWorkflow {
        Arguments.given("the name of the child's workflow", workflow);
    }
}
