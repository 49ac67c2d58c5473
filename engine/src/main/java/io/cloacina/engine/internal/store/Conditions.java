package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;

/** Conditions that statements of several stores have in common. */
final class Conditions {
    private Conditions() {}

    static Condition unfinished(PipelineExecutions e) {
        return e.status.in(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED);
    }

    static Condition unfinished(TaskExecutions t) {
        return t.status.in(TaskStatus.NOT_STARTED, TaskStatus.READY, TaskStatus.RUNNING, TaskStatus.WAITING);
    }
}
