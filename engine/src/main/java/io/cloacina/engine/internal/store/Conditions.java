package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Conditions that the statements of several stores share. The sets of states are derived from the enums, so that a new
 * state is in those that it belongs to, and in the order of the enums, as in the conditions of indexes: SQLite uses a
 * partial index only if its condition is the same.
 */
final class Conditions {
    private static final List<ExecutionStatus> UNFINISHED_EXECUTIONS =
            among(ExecutionStatus.values(), status -> !status.isFinished());
    private static final List<ExecutionStatus> UNPAUSED_EXECUTIONS =
            among(ExecutionStatus.values(), status -> !status.isFinished() && status != ExecutionStatus.PAUSED);
    private static final List<TaskStatus> UNFINISHED_TASKS = among(TaskStatus.values(), status -> !status.isFinished());
    private static final List<TaskStatus> ACTIVE_TASKS =
            among(TaskStatus.values(), status -> !status.isFinished() && status != TaskStatus.NOT_STARTED);
    private static final List<TaskStatus> UNMET_TASKS =
            among(TaskStatus.values(), status -> status.isFinished() && status != TaskStatus.COMPLETED);

    /** The states of {@link #unfinished(PipelineExecutions)}, as a list in SQL. */
    static final String UNFINISHED = list(UNFINISHED_EXECUTIONS);

    /** The states of {@link #unpaused}, as a list in SQL. */
    static final String UNPAUSED = list(UNPAUSED_EXECUTIONS);

    /** The states of {@link #active}, as a list in SQL. */
    static final String ACTIVE = list(ACTIVE_TASKS);

    /** The states of {@link #isBetweenClaims}, as a list in SQL. */
    static final String BETWEEN_CLAIMS = list(among(TaskStatus.values(), Conditions::isBetweenClaims));

    private Conditions() {}

    static Condition unfinished(PipelineExecutions e) {
        return in(e, UNFINISHED_EXECUTIONS);
    }

    /** The execution is unfinished, and not paused. */
    static Condition unpaused(PipelineExecutions e) {
        return in(e, UNPAUSED_EXECUTIONS);
    }

    static Condition unfinished(TaskExecutions t) {
        return in(t, UNFINISHED_TASKS);
    }

    /** The task is unfinished, and no unfinished dependency is before it. */
    static Condition active(TaskExecutions t) {
        return in(t, ACTIVE_TASKS);
    }

    /** The task has ended, and has not completed. */
    static Condition unmet(TaskExecutions t) {
        return in(t, UNMET_TASKS);
    }

    /** Whether a task that has begun, and waits for its children, has no claim in this state. */
    static boolean isBetweenClaims(TaskStatus status) {
        return switch (status) {
            case READY, WAITING -> true;
            case NOT_STARTED, RUNNING, COMPLETED, FAILED, SKIPPED, CANCELLED -> false;
        };
    }

    /** At least one of that many conditions; {@code number} is at least 1. */
    static Condition any(int number, Function<Integer, Condition> each) {
        Condition any = each.apply(0);
        for (int i = 1; i < number; i++) {
            any = any.or(each.apply(i));
        }
        return any;
    }

    private static Condition in(PipelineExecutions e, List<ExecutionStatus> states) {
        return e.status.in(states.get(0), states.stream().skip(1).toArray(ExecutionStatus[]::new));
    }

    private static Condition in(TaskExecutions t, List<TaskStatus> states) {
        return t.status.in(states.get(0), states.stream().skip(1).toArray(TaskStatus[]::new));
    }

    private static <S> List<S> among(S[] states, Predicate<S> are) {
        return Arrays.stream(states).filter(are).toList();
    }

    private static String list(List<? extends Labeled> states) {
        return states.stream().map(state -> "'" + state.label() + "'").collect(Collectors.joining(", ", "(", ")"));
    }
}
