package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import java.util.List;
import java.util.stream.Collectors;

/** The execution is in a state that does not allow this operation; nothing was changed. */
public final class ExecutionStateException extends CloacinaException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = ErrorCodes.EXECUTION_STATE;

    private final ExecutionStatus status;

    /** For an execution, the refused operation, and the states that allow it. */
    public ExecutionStateException(Execution execution, String asked, String possible) {
        this(CODE, execution, asked, possible);
    }

    private ExecutionStateException(String code, Execution execution, String asked, String possible) {
        super(
                code,
                "execution " + execution.id() + " of workflow '" + execution.workflow() + "' is "
                        + execution.status().label() + " and cannot be " + asked + ": " + possible);
        this.status = execution.status();
    }

    /**
     * For a retry that is refused because tasks have run in reaction to the failure: code
     * {@code RETRY_AFTER_COMPENSATION}.
     */
    public static ExecutionStateException compensated(Execution execution, List<String> failed, List<String> ran) {
        return new ExecutionStateException(
                ErrorCodes.RETRY_AFTER_COMPENSATION,
                execution,
                "retried",
                quoted(ran) + " ran after the failure of " + quoted(failed)
                        + " and may have undone what a retry builds upon: submit it again, or retry it even after"
                        + " compensation (RetryMode.evenAfterCompensation(), on the command line"
                        + " --even-after-compensation); what completed stays then, and what failed or was skipped runs"
                        + " again");
    }

    /** For a retry of a child, with what to do instead: code {@code RETRY_OF_CHILD}. */
    public static ExecutionStateException ofChild(Execution execution, String instead) {
        return new ExecutionStateException(ErrorCodes.RETRY_OF_CHILD, execution, "retried", instead);
    }

    private static String quoted(List<String> tasks) {
        return (tasks.size() == 1 ? "task " : "tasks ")
                + tasks.stream().map(task -> "'" + task + "'").collect(Collectors.joining(", "));
    }

    /** The state of the execution. */
    public ExecutionStatus status() {
        return status;
    }
}
