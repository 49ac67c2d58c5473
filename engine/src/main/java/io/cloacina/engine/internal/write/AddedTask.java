package io.cloacina.engine.internal.write;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** A task that a restart, or another version, adds to an execution: nobody has claimed it, and no time makes it due. */
final class AddedTask {
    private AddedTask() {}

    static TaskStore.NewTask of(
            UniversalUuid id,
            UniversalUuid execution,
            Workflow workflow,
            TaskDefinition task,
            TaskStatus status,
            int remaining,
            int unmet,
            int priorityOfExecution,
            @Nullable String limitKeys,
            UniversalTimestamp at) {
        return new TaskStore.NewTask(
                id,
                execution,
                workflow,
                task.position(),
                status,
                remaining,
                unmet,
                priorityOfExecution + task.priority(),
                null,
                null,
                limitKeys,
                at);
    }
}
