package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.BulkActionKind;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The action of a bulk operation on each execution. Immutable, thread safe.
 *
 * <pre>{@code
 * engine.operations().start(ExecutionQuery.all().workflow("order").status(ExecutionStatus.FAILED), BulkAction.retry());
 * }</pre>
 */
public final class BulkAction {
    private static final int MAX_REASON = 1_000;

    private final BulkActionKind kind;
    private final @Nullable String reason;
    private final @Nullable String from;
    private final boolean isEvenAfterCompensation;
    private final boolean isWithCompensation;

    private BulkAction(
            BulkActionKind kind,
            @Nullable String reason,
            @Nullable String from,
            boolean isEvenAfterCompensation,
            boolean isWithCompensation) {
        this.kind = kind;
        this.reason = reason;
        this.from = from;
        this.isEvenAfterCompensation = isEvenAfterCompensation;
        this.isWithCompensation = isWithCompensation;
    }

    /** Cancels executions that have not ended, immediately. */
    public static BulkAction cancel() {
        return cancel(Cancel.immediately());
    }

    /** Cancels executions that have not ended. */
    public static BulkAction cancel(Cancel how) {
        Arguments.given("how to cancel", how);
        return new BulkAction(BulkActionKind.CANCEL, null, null, false, how.isWithCompensation());
    }

    /**
     * Pauses executions that have not ended.
     *
     * @param reason at most 1,000 characters, shown with each execution; may be null
     */
    public static BulkAction pause(@Nullable String reason) {
        if (reason != null) {
            Arguments.unicode(Arguments.INVALID, "the reason of a pause", reason);
            Arguments.number(
                    Arguments.INVALID, "the length of the reason of a pause must be", reason.length(), 0, MAX_REASON);
        }
        return new BulkAction(BulkActionKind.PAUSE, reason, null, false, false);
    }

    /** Resumes paused executions. */
    public static BulkAction resume() {
        return new BulkAction(BulkActionKind.RESUME, null, null, false, false);
    }

    /** Retries failed executions in which no task has run in reaction to the failure; the others are skipped. */
    public static BulkAction retry() {
        return retry(RetryMode.unlessCompensated());
    }

    /** Retries failed executions. */
    public static BulkAction retry(RetryMode how) {
        Arguments.given("how to retry", how);
        return new BulkAction(BulkActionKind.RETRY, null, null, how.isEvenAfterCompensation(), false);
    }

    /** Restarts executions that have ended, as new executions with the same input. Interceptors are not called. */
    public static BulkAction restart() {
        return new BulkAction(BulkActionKind.RESTART, null, null, false, false);
    }

    /**
     * As {@link #restart}, from a task on: see {@link Restart#from}.
     *
     * @throws CloacinaException if a task cannot have this name
     */
    public static BulkAction restartFrom(String task) {
        String checked = Arguments.name(ErrorCodes.INVALID_NAME, "the name of a task", task);
        return new BulkAction(BulkActionKind.RESTART, null, checked, false, false);
    }

    /** Deletes executions that have ended, with their children and all rows. */
    public static BulkAction delete() {
        return new BulkAction(BulkActionKind.DELETE, null, null, false, false);
    }

    /** The kind of the action. */
    public BulkActionKind kind() {
        return kind;
    }

    /** The reason of a pause; empty if none was given. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** The task from which a restart begins; empty for all tasks. */
    public Optional<String> from() {
        return Optional.ofNullable(from);
    }

    /** Whether a retry includes executions in which tasks have run in reaction to the failure. */
    public boolean isEvenAfterCompensation() {
        return isEvenAfterCompensation;
    }

    /** Whether a cancellation lets tasks run that react to it. */
    public boolean isWithCompensation() {
        return isWithCompensation;
    }

    /** Whether the action applies to an execution in this state; others are skipped. */
    public boolean fits(ExecutionStatus status) {
        boolean isFinished = Arguments.given("the state", status).isFinished();
        return switch (kind) {
            case CANCEL -> !isFinished;
            case PAUSE -> !isFinished && status != ExecutionStatus.PAUSED;
            case RESUME -> status == ExecutionStatus.PAUSED;
            case RETRY -> status == ExecutionStatus.FAILED;
            case RESTART, DELETE -> isFinished;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BulkAction that
                && kind == that.kind
                && Objects.equals(reason, that.reason)
                && Objects.equals(from, that.from)
                && isEvenAfterCompensation == that.isEvenAfterCompensation
                && isWithCompensation == that.isWithCompensation;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, reason, from, isEvenAfterCompensation, isWithCompensation);
    }

    /** {@code pause ("the bank is closed")}, {@code restart from 'ship'}. */
    @Override
    public String toString() {
        return kind.label()
                + (reason == null ? "" : " (\"" + reason + "\")")
                + (from == null ? "" : " from '" + from + "'")
                + (isEvenAfterCompensation ? " even after compensation" : "")
                + (isWithCompensation ? " with compensation" : "");
    }
}
