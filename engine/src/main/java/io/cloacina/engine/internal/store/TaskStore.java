package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.UpdateBuilder;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements over a task's row from its insert to its end, but for those that claim it, or let it wait. */
public final class TaskStore {
    public static final Statements STATEMENTS = new Statements("tasks");

    /**
     * A task of a new execution, or one that another version adds. With a runner it is inserted as claimed.
     *
     * @param remaining how many of its dependencies have not ended
     * @param unmet how many of its dependencies ended without completing
     */
    public record NewTask(
            UniversalUuid id,
            UniversalUuid execution,
            Workflow workflow,
            int position,
            TaskStatus status,
            int remaining,
            int unmet,
            int priority,
            @Nullable UniversalTimestamp dueAt,
            @Nullable UniversalUuid runner,
            @Nullable String limitKeys,
            UniversalTimestamp at) {
        /** The same task, ready at that time; null for no time. */
        public NewTask due(@Nullable UniversalTimestamp time) {
            return new NewTask(
                    id, execution, workflow, position, status, remaining, unmet, priority, time, runner, limitKeys, at);
        }

        int attempt() {
            return runner == null ? 0 : 1;
        }

        @Nullable
        UniversalTimestamp startedAt() {
            return runner == null ? null : at;
        }
    }

    public static final Command<NewTask> INSERT = STATEMENTS.insert("insert", i -> {
        var t = i.into(TaskExecutions::new);
        i.set(t.id, i.arg(NewTask::id));
        i.set(t.pipelineExecutionId, i.arg(NewTask::execution));
        i.set(t.pipelineName, i.arg(task -> task.workflow().name()));
        i.set(t.pipelineVersion, i.arg(task -> task.workflow().version()));
        i.set(t.taskName, i.arg(task -> task.workflow().task(task.position()).name()));
        i.set(t.status, i.arg(NewTask::status));
        i.set(t.dependenciesRemaining, i.arg(NewTask::remaining));
        i.set(t.dependenciesUnmet, i.arg(NewTask::unmet));
        i.set(t.attempt, i.arg(NewTask::attempt));
        i.set(
                t.maxAttempts,
                i.arg(task -> task.workflow().task(task.position()).retry().maxAttempts()));
        i.set(t.recoveryAttempts, 0);
        i.set(t.priority, i.arg(NewTask::priority));
        i.set(t.triggerRules, i.arg(task -> task.workflow().ruleJson(task.position())));
        i.set(t.taskConfiguration, i.arg(task -> task.workflow().configurationJson(task.position())));
        i.set(t.dependencies, i.argOrNull(task -> task.workflow().dependenciesJson(task.position())));
        i.set(t.dueAt, i.argOrNull(NewTask::dueAt));
        i.set(t.paused, UniversalBool.FALSE);
        i.set(t.childrenRemaining, 0);
        i.set(t.limitKeys, i.argOrNull(NewTask::limitKeys));
        i.set(t.claimedBy, i.argOrNull(NewTask::runner));
        i.set(t.startedAt, i.argOrNull(NewTask::startedAt));
        i.set(t.createdAt, i.arg(NewTask::at));
        i.set(t.updatedAt, i.arg(NewTask::at));
    });

    /** A claim as the database returned it, with the priority and the stage of its task. */
    public record Taken(Claim claim, int priority, Claimed.Stage stage) {}

    public record Completion(Claim claim, UniversalTimestamp at) {}

    public static final Command<Completion> COMPLETE = STATEMENTS.update("complete", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.COMPLETED);
        u.setNull(t.claimedBy);
        u.set(t.completedAt, u.arg(Completion::at));
        u.set(t.updatedAt, u.arg(Completion::at));
        u.where(claimStillValid(u, t, Completion::claim));
    });

    public record Failure(Claim claim, String error, UniversalTimestamp at) {}

    public static final Command<Failure> FAIL = STATEMENTS.update("fail", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.FAILED);
        u.setNull(t.claimedBy);
        u.set(t.completedAt, u.arg(Failure::at));
        u.set(t.errorDetails, u.arg(Failure::error));
        // Not stored twice: errorDetails has the same text.
        u.setNull(t.lastError);
        u.set(t.updatedAt, u.arg(Failure::at));
        u.where(claimStillValid(u, t, Failure::claim));
    });

    /**
     * A failed attempt whose task is tried again.
     *
     * @param dueAt null for a retry without delay
     * @param waited what the retry need not wait for again; null for nothing
     */
    public record Retry(
            Claim claim,
            String error,
            @Nullable UniversalTimestamp dueAt,
            @Nullable WaitKind waited,
            UniversalTimestamp at) {}

    public static final Command<Retry> RETRY = STATEMENTS.update("retry", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.claimedBy);
        u.set(t.lastError, u.arg(Retry::error));
        u.set(t.retryAt, u.argOrNull(Retry::dueAt));
        u.set(t.dueAt, u.argOrNull(Retry::dueAt));
        u.set(t.waitsFor, u.argOrNull(Retry::waited));
        u.set(t.updatedAt, u.arg(Retry::at));
        u.where(claimStillValid(u, t, Retry::claim));
    });

    public record Skip(Claim claim, String reason, UniversalTimestamp at) {}

    public static final Command<Skip> SKIP = STATEMENTS.update("skip", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.SKIPPED);
        u.setNull(t.claimedBy);
        u.set(t.completedAt, u.arg(Skip::at));
        u.set(t.errorDetails, u.arg(Skip::reason));
        u.set(t.updatedAt, u.arg(Skip::at));
        u.where(claimStillValid(u, t, Skip::claim));
    });

    public record GiveBack(Claim claim, UniversalTimestamp at) {}

    /** Releasing an attempt is not a failure, so the task may have one more. */
    public static final Command<GiveBack> RELEASE = STATEMENTS.update("release", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.claimedBy);
        u.increment(t.maxAttempts, 1);
        u.set(t.updatedAt, u.arg(GiveBack::at));
        u.where(claimStillValid(u, t, GiveBack::claim));
    });

    /** Locks the row of a claimed task; does nothing if another transaction has locked it. */
    public static final Command<GiveBack> LOCK = STATEMENTS.update("lock", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.updatedAt, u.arg(GiveBack::at));
        u.hold(t.id, q -> {
            var its = q.from(TaskExecutions::new);
            q.where(
                    its.id.eq(q.arg(back -> back.claim().task())),
                    its.claimedBy.eq(q.arg(back -> back.claim().runner())),
                    its.attempt.eq(q.arg(back -> back.claim().attempt())),
                    its.status.eq(TaskStatus.RUNNING));
            return its.id;
        });
    });

    public static final Command<GiveBack> RESET = STATEMENTS.update("reset", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.claimedBy);
        u.increment(t.maxAttempts, 1);
        u.increment(t.recoveryAttempts, 1);
        u.set(t.lastRecoveryAt, u.arg(GiveBack::at));
        u.set(t.updatedAt, u.arg(GiveBack::at));
        u.where(claimStillValid(u, t, GiveBack::claim));
    });

    /** A successor of finished tasks: how many of its dependencies finished, and how many of these did not complete. */
    public record Successor(UniversalUuid execution, String taskName, int finished, int unmet, UniversalTimestamp at) {}

    public record Countdown(int remaining, int unmet) {}

    public static final ChangeReturning<Successor, Countdown> COUNT_DOWN =
            STATEMENTS.updateReturning("count-down", u -> {
                var t = u.table(TaskExecutions::new);
                u.increment(t.dependenciesRemaining, u.arg(successor -> -successor.finished()));
                u.increment(t.dependenciesUnmet, u.arg(Successor::unmet));
                u.set(t.updatedAt, u.arg(Successor::at));
                u.where(
                        t.pipelineExecutionId.eq(u.arg(Successor::execution)),
                        t.taskName.eq(u.arg(Successor::taskName)),
                        t.status.eq(TaskStatus.NOT_STARTED));
                return row -> new Countdown(row.get(t.dependenciesRemaining), row.get(t.dependenciesUnmet));
            });

    /** A task whose last {@code remaining} dependencies have ended. */
    public record Promotion(
            UniversalUuid execution, String taskName, int remaining, UniversalUuid runner, UniversalTimestamp at) {}

    public static final Command<Promotion> MAKE_READY = STATEMENTS.update("make-ready", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.set(t.dependenciesRemaining, 0);
        u.set(t.updatedAt, u.arg(Promotion::at));
        u.where(notStarted(u, t));
    });

    public record Begun(UniversalUuid task, int attempt, int maxAttempts, int waits) {}

    /** Makes a task ready and claims it, unless its execution is paused. */
    public static final ChangeReturning<Promotion, Begun> MAKE_RUNNING =
            STATEMENTS.updateReturning("make-running", u -> {
                var t = u.table(TaskExecutions::new);
                u.set(t.status, TaskStatus.RUNNING);
                u.set(t.dependenciesRemaining, 0);
                u.set(t.claimedBy, u.arg(Promotion::runner));
                u.increment(t.attempt, 1);
                u.set(t.startedAt, u.arg(Promotion::at));
                u.set(t.updatedAt, u.arg(Promotion::at));
                u.where(notStarted(u, t).and(t.paused.eq(UniversalBool.FALSE)));
                return row -> new Begun(row.get(t.id), row.get(t.attempt), row.get(t.maxAttempts), waits(row, t));
            });

    /** A task that ends without running, as Skipped or Failed, and why. */
    public record Unrun(
            UniversalUuid execution, String taskName, TaskStatus status, String reason, UniversalTimestamp at) {}

    public static final Command<Unrun> END_UNRUN = STATEMENTS.update("end-unrun", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, u.arg(Unrun::status));
        u.set(t.dependenciesRemaining, 0);
        u.set(t.errorDetails, u.arg(Unrun::reason));
        u.set(t.completedAt, u.arg(Unrun::at));
        u.set(t.updatedAt, u.arg(Unrun::at));
        u.where(
                t.pipelineExecutionId.eq(u.arg(Unrun::execution)),
                t.taskName.eq(u.arg(Unrun::taskName)),
                t.status.eq(TaskStatus.NOT_STARTED));
    });

    /** Whether an attempt completed, for a commit that finds its claim lost. */
    public static final Select<Claim, Boolean> WAS_COMPLETED = STATEMENTS.select("was-completed", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.id.eq(q.arg(Claim::task)), t.attempt.eq(q.arg(Claim::attempt)));
        return row -> row.get(t.status) == TaskStatus.COMPLETED;
    });

    /** The task of a claim, if the claim is still valid. */
    public static final Select<Claim, UniversalUuid> IS_CLAIM_VALID = STATEMENTS.select("is-claim-valid", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(
                t.id.eq(q.arg(Claim::task)),
                t.claimedBy.eq(q.arg(Claim::runner)),
                t.attempt.eq(q.arg(Claim::attempt)),
                t.status.eq(TaskStatus.RUNNING));
        return row -> row.get(t.id);
    });

    /** A finished task of an execution that did not complete. */
    public record Unmet(String taskName, TaskStatus status) {}

    public static final Select<UniversalUuid, Unmet> UNMET_OF = STATEMENTS.select("unmet-of", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(
                t.pipelineExecutionId.eq(q.arg()),
                // Without the runs for elements: their task evaluates how they ended.
                t.parentTaskId.isNull(),
                Conditions.unmet(t));
        q.orderBy(t.taskName.asc());
        return row -> new Unmet(row.get(t.taskName), row.get(t.status));
    });

    /** A claimed task, with the values that its recovery needs. */
    public record ClaimedTask(
            Claim claim, int recoveryAttempts, String workflow, String version, int priority, Claimed.Stage stage) {
        public Claimed claimed(Workflow its) {
            return Claimed.of(claim, its, priority, stage);
        }
    }

    public static final Select<UniversalUuid, ClaimedTask> CLAIMED_BY = STATEMENTS.select("claimed-by", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.claimedBy.eq(q.arg()), t.status.eq(TaskStatus.RUNNING));
        q.orderBy(t.id.asc());
        return row -> {
            Taken taken = taken(row, t);
            return new ClaimedTask(
                    taken.claim(),
                    row.get(t.recoveryAttempts),
                    row.get(t.pipelineName),
                    row.get(t.pipelineVersion),
                    taken.priority(),
                    taken.stage());
        };
    });

    private TaskStore() {}

    /** The columns of the claim, which guard every later change, and the values that a run needs. */
    static Taken taken(Row row, TaskExecutions t) {
        return new Taken(
                new Claim(
                        row.get(t.id),
                        row.get(t.pipelineExecutionId),
                        row.get(t.taskName),
                        row.get(t.attempt),
                        row.get(t.maxAttempts),
                        waits(row, t),
                        claimed(row.orNull(t.claimedBy)),
                        row.orNull(t.readyAt),
                        started(row.orNull(t.startedAt))),
                row.get(t.priority),
                stage(row, t));
    }

    private static Claimed.Stage stage(Row row, TaskExecutions t) {
        WaitKind waited = row.orNull(t.waitsFor);
        UniversalUuid parent = row.orNull(t.parentTaskId);
        Integer index = row.orNull(t.elementIndex);
        String json = row.orNull(t.element);
        if (waited == null && parent == null) {
            return Claimed.Stage.FIRST;
        }
        return new Claimed.Stage(
                waited,
                parent == null || index == null || json == null ? null : new Claimed.Element(parent, index, json));
    }

    /** The guard of every change of a claimed task: the claim is still valid. */
    static <P> Condition claimStillValid(UpdateBuilder<P> u, TaskExecutions t, Function<P, Claim> claim) {
        return t.id.eq(u.arg(claim.andThen(Claim::task)))
                .and(t.claimedBy.eq(u.arg(claim.andThen(Claim::runner))))
                .and(t.attempt.eq(u.arg(claim.andThen(Claim::attempt))))
                .and(t.status.eq(TaskStatus.RUNNING));
    }

    private static Condition notStarted(UpdateBuilder<Promotion> u, TaskExecutions t) {
        return t.pipelineExecutionId
                .eq(u.arg(Promotion::execution))
                .and(t.taskName.eq(u.arg(Promotion::taskName)))
                .and(t.dependenciesRemaining.eq(u.arg(Promotion::remaining)))
                .and(t.status.eq(TaskStatus.NOT_STARTED));
    }

    static int waits(Row row, TaskExecutions t) {
        Integer waits = row.orNull(t.waits);
        return waits == null ? 0 : waits;
    }

    private static UniversalTimestamp started(@Nullable UniversalTimestamp at) {
        if (at == null) {
            throw new IllegalStateException("a running task has not started");
        }
        return at;
    }

    static UniversalUuid claimed(@Nullable UniversalUuid runner) {
        if (runner == null) {
            throw new IllegalStateException("a running task has no runner");
        }
        return runner;
    }
}
