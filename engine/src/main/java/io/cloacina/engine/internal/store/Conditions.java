package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import java.util.function.Function;

/** Conditions that the statements of several stores share. */
final class Conditions {
    private Conditions() {}

    static Condition unfinished(PipelineExecutions e) {
        return e.status.in(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED);
    }

    static Condition unfinished(TaskExecutions t) {
        return t.status.in(TaskStatus.NOT_STARTED, TaskStatus.READY, TaskStatus.RUNNING, TaskStatus.WAITING);
    }

    /** At least one of that many conditions; {@code number} is at least 1. */
    static Condition any(int number, Function<Integer, Condition> each) {
        Condition any = each.apply(0);
        for (int i = 1; i < number; i++) {
            any = any.or(each.apply(i));
        }
        return any;
    }
}
