package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/**
 * A request to restart.
 *
 * @param id of the new execution, because the work may run more than once
 * @param from the execution to restart
 * @param task the task to begin with; null to run all tasks
 * @param input the input of the new execution; null for that of the first one
 * @param submission what interceptors made of the restart: the labels, the priority, the deadline and the carried
 *     values of the new execution; null if there are none, for the labels and the priority of the first one
 */
public record RestartRequest(
        UniversalUuid id,
        UniversalUuid from,
        Workflow workflow,
        @Nullable String task,
        @Nullable ObjectNode input,
        @Nullable Submission submission,
        int maxBytes) {}
