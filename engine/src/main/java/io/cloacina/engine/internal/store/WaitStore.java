package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Signals;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements over tasks that wait for a signal or for children, and over signals. */
public final class WaitStore {
    public static final Statements STATEMENTS = new Statements("waits");

    /** The end of a claim until what its task waits for has come. */
    public record Suspension(
            Claim claim,
            WaitKind kind,
            @Nullable String signal,
            @Nullable UniversalTimestamp dueAt,
            int children,
            UniversalTimestamp at) {
        int waits() {
            return claim.waits() + 1;
        }
    }

    /** A task that waits now; {@code isPaused} if its execution is paused. */
    public record Suspended(boolean isPaused) {}

    /** Waiting is not a failure, so the task may have one more claim. */
    public static final ChangeReturning<Suspension, Suspended> SUSPEND = STATEMENTS.updateReturning("suspend", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.WAITING);
        u.setNull(t.claimedBy);
        u.increment(t.maxAttempts, 1);
        u.set(t.waits, u.arg(Suspension::waits));
        u.set(t.waitsFor, u.arg(Suspension::kind));
        u.set(t.signalName, u.argOrNull(Suspension::signal));
        u.set(t.dueAt, u.argOrNull(Suspension::dueAt));
        u.set(t.childrenRemaining, u.arg(Suspension::children));
        u.set(t.updatedAt, u.arg(Suspension::at));
        u.where(TaskStore.claimStillValid(u, t, Suspension::claim));
        return row -> new Suspended(row.get(t.paused).equals(UniversalBool.TRUE));
    });

    /** A signal of an execution. */
    public record Named(UniversalUuid execution, String signal, UniversalTimestamp at) {}

    /** Makes the tasks ready that wait for a signal. */
    public static final ChangeReturning<Named, ReadyStore.ReadyWorkflow> WAKE_SIGNALLED =
            STATEMENTS.updateReturning("wake-signalled", u -> {
                var t = u.table(TaskExecutions::new);
                u.set(t.status, TaskStatus.READY);
                u.setNull(t.dueAt);
                u.set(t.updatedAt, u.arg(Named::at));
                u.where(
                        t.pipelineExecutionId.eq(u.arg(Named::execution)),
                        t.signalName.eq(u.arg(Named::signal)),
                        t.waitsFor.eq(WaitKind.SIGNAL),
                        t.status.eq(TaskStatus.WAITING));
                return row -> new ReadyStore.ReadyWorkflow(
                        row.get(t.pipelineName), row.get(t.pipelineVersion), row.get(t.priority));
            });

    public record NewSignal(
            UniversalUuid id,
            UniversalUuid execution,
            String name,
            @Nullable String value,
            @Nullable String key,
            UniversalTimestamp at) {}

    public static final Command<NewSignal> INSERT_SIGNAL = STATEMENTS.insert("insert-signal", i -> {
        var s = i.into(Signals::new);
        i.set(s.id, i.arg(NewSignal::id));
        i.set(s.pipelineExecutionId, i.arg(NewSignal::execution));
        i.set(s.signalName, i.arg(NewSignal::name));
        i.set(s.value, i.argOrNull(NewSignal::value));
        i.set(s.idempotencyKey, i.argOrNull(NewSignal::key));
        i.set(s.createdAt, i.arg(NewSignal::at));
        i.set(s.updatedAt, i.arg(NewSignal::at));
    });

    public record SignalName(UniversalUuid execution, String name) {}

    /** A signal that was sent; {@code value} is JSON, null if it was sent without a value. */
    public record Sent(@Nullable String value, @Nullable String key) {}

    public static final Select<SignalName, Sent> SIGNAL = STATEMENTS.select("signal", q -> {
        var s = q.from(Signals::new);
        q.where(s.pipelineExecutionId.eq(q.arg(SignalName::execution)), s.signalName.eq(q.arg(SignalName::name)));
        return row -> new Sent(row.orNull(s.value), row.orNull(s.idempotencyKey));
    });

    /** The tasks of an execution that wait for a signal, or have waited for it. */
    public static final Select<SignalName, String> AWAITING = STATEMENTS.select("awaiting", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg(SignalName::execution)), t.signalName.eq(q.arg(SignalName::name)));
        return row -> row.get(t.taskName);
    });

    public record GoOn(UniversalUuid task, UniversalTimestamp at) {}

    /** Locks the row of a task that waits for children; the change of its time is only for the lock. */
    public static final Command<GoOn> LOCK_PARENT = STATEMENTS.update("lock-parent", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.updatedAt, u.arg(GoOn::at));
        u.where(t.id.eq(u.arg(GoOn::task)), t.waitsFor.eq(WaitKind.CHILDREN), t.status.eq(TaskStatus.WAITING));
    });

    /** How many children of a task have ended. */
    public record EndedChildren(UniversalUuid task, int children, UniversalTimestamp at) {}

    public record Left(int remaining) {}

    public static final ChangeReturning<EndedChildren, Left> COUNT_DOWN_CHILDREN =
            STATEMENTS.updateReturning("count-down-children", u -> {
                var t = u.table(TaskExecutions::new);
                u.increment(t.childrenRemaining, u.arg(ended -> -ended.children()));
                u.set(t.updatedAt, u.arg(EndedChildren::at));
                u.where(
                        t.id.eq(u.arg(EndedChildren::task)),
                        t.waitsFor.eq(WaitKind.CHILDREN),
                        t.status.eq(TaskStatus.WAITING));
                return row -> new Left(row.get(t.childrenRemaining));
            });

    /** Makes a task ready whose last child has ended. */
    public static final ChangeReturning<GoOn, ReadyStore.ReadyWorkflow> GO_ON =
            STATEMENTS.updateReturning("go-on", u -> {
                var t = u.table(TaskExecutions::new);
                u.set(t.status, TaskStatus.READY);
                u.set(t.updatedAt, u.arg(GoOn::at));
                u.where(
                        t.id.eq(u.arg(GoOn::task)),
                        t.childrenRemaining.eq(0),
                        t.waitsFor.eq(WaitKind.CHILDREN),
                        t.status.eq(TaskStatus.WAITING));
                return row -> new ReadyStore.ReadyWorkflow(
                        row.get(t.pipelineName), row.get(t.pipelineVersion), row.get(t.priority));
            });

    private WaitStore() {}
}
