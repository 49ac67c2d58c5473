package io.cloacina.engine;

import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.UpdateBuilder;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.TaskStatus;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements over task executions. */
final class TaskStore {
    static final Statements STATEMENTS = new Statements("tasks");

    record NewTask(
            UniversalUuid id,
            UniversalUuid execution,
            String workflow,
            String version,
            String name,
            TaskStatus status,
            int dependencies,
            int maxAttempts,
            String triggerRules,
            UniversalTimestamp at) {}

    static final Command<NewTask> INSERT = STATEMENTS.insert("insert", i -> {
        var t = i.into(TaskExecutions::new);
        i.set(t.id, i.arg(NewTask::id));
        i.set(t.pipelineExecutionId, i.arg(NewTask::execution));
        i.set(t.pipelineName, i.arg(NewTask::workflow));
        i.set(t.pipelineVersion, i.arg(NewTask::version));
        i.set(t.taskName, i.arg(NewTask::name));
        i.set(t.status, i.arg(NewTask::status));
        i.set(t.dependenciesRemaining, i.arg(NewTask::dependencies));
        i.set(t.attempt, 0);
        i.set(t.maxAttempts, i.arg(NewTask::maxAttempts));
        i.set(t.recoveryAttempts, 0);
        i.set(t.priority, 0);
        i.set(t.triggerRules, i.arg(NewTask::triggerRules));
        i.set(t.taskConfiguration, "{}");
        i.set(t.dueAt, i.arg(NewTask::at));
        i.set(t.createdAt, i.arg(NewTask::at));
        i.set(t.updatedAt, i.arg(NewTask::at));
    });

    record ClaimRequest(String workflow, String version, UniversalUuid runner, int atMost, UniversalTimestamp at) {}

    static final ChangeReturning<ClaimRequest, Claim> CLAIM = STATEMENTS.updateReturning("claim", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.RUNNING);
        u.set(t.claimedBy, u.arg(ClaimRequest::runner));
        u.increment(t.attempt, 1);
        u.set(t.startedAt, u.arg(ClaimRequest::at));
        u.set(t.updatedAt, u.arg(ClaimRequest::at));
        u.claim(t.id, q -> {
            var ready = q.from(TaskExecutions::new);
            q.where(
                    ready.status.eq(TaskStatus.READY),
                    ready.pipelineName.eq(q.arg(ClaimRequest::workflow)),
                    ready.pipelineVersion.eq(q.arg(ClaimRequest::version)),
                    ready.dueAt.le(q.arg(ClaimRequest::at)));
            q.orderBy(ready.priority.desc(), ready.dueAt.asc());
            q.limit(q.arg(ClaimRequest::atMost));
            return ready.id;
        });
        // The columns of the claim itself, so that every later change can name them.
        return row -> new Claim(
                row.get(t.id),
                row.get(t.pipelineExecutionId),
                row.get(t.taskName),
                row.get(t.attempt),
                row.get(t.maxAttempts),
                claimed(row.orNull(t.claimedBy)));
    });

    record Completion(Claim claim, UniversalTimestamp at) {}

    static final Command<Completion> COMPLETE = STATEMENTS.update("complete", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.COMPLETED);
        u.setNull(t.claimedBy);
        u.set(t.completedAt, u.arg(Completion::at));
        u.set(t.updatedAt, u.arg(Completion::at));
        u.where(held(u, t, Completion::claim));
    });

    record Failure(Claim claim, String error, UniversalTimestamp at) {}

    static final Command<Failure> FAIL = STATEMENTS.update("fail", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.FAILED);
        u.setNull(t.claimedBy);
        u.set(t.completedAt, u.arg(Failure::at));
        u.set(t.errorDetails, u.arg(Failure::error));
        u.set(t.lastError, u.arg(Failure::error));
        u.set(t.updatedAt, u.arg(Failure::at));
        u.where(held(u, t, Failure::claim));
    });

    record Retry(Claim claim, String error, UniversalTimestamp dueAt, UniversalTimestamp at) {}

    static final Command<Retry> RETRY = STATEMENTS.update("retry", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.claimedBy);
        u.set(t.lastError, u.arg(Retry::error));
        u.set(t.retryAt, u.arg(Retry::dueAt));
        u.set(t.dueAt, u.arg(Retry::dueAt));
        u.set(t.updatedAt, u.arg(Retry::at));
        u.where(held(u, t, Retry::claim));
    });

    record GiveBack(Claim claim, UniversalTimestamp at) {}

    /** The attempt that was given back was no failure: the task may have one more. */
    static final Command<GiveBack> RELEASE = STATEMENTS.update("release", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.claimedBy);
        u.increment(t.maxAttempts, 1);
        u.set(t.updatedAt, u.arg(GiveBack::at));
        u.where(held(u, t, GiveBack::claim));
    });

    static final Command<GiveBack> RESET = STATEMENTS.update("reset", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.claimedBy);
        u.increment(t.maxAttempts, 1);
        u.increment(t.recoveryAttempts, 1);
        u.set(t.lastRecoveryAt, u.arg(GiveBack::at));
        u.set(t.updatedAt, u.arg(GiveBack::at));
        u.where(held(u, t, GiveBack::claim));
    });

    record Finished(UniversalUuid execution, String taskName, UniversalTimestamp at) {}

    record Countdown(UniversalUuid task, int remaining) {}

    static final ChangeReturning<Finished, Countdown> COUNT_DOWN = STATEMENTS.updateReturning("count-down", u -> {
        var t = u.table(TaskExecutions::new);
        u.increment(t.dependenciesRemaining, -1);
        u.set(t.updatedAt, u.arg(Finished::at));
        u.where(t.pipelineExecutionId.eq(u.arg(Finished::execution)), t.taskName.eq(u.arg(Finished::taskName)));
        return row -> new Countdown(row.get(t.id), row.get(t.dependenciesRemaining));
    });

    record Name(UniversalUuid execution, String taskName) {}

    static final Select<Name, TaskStatus> STATUS = STATEMENTS.select("status", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg(Name::execution)), t.taskName.eq(q.arg(Name::taskName)));
        return row -> row.get(t.status);
    });

    record Decision(UniversalUuid task, @Nullable String reason, UniversalTimestamp at) {}

    static final Command<Decision> MAKE_READY = STATEMENTS.update("make-ready", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.set(t.dueAt, u.arg(Decision::at));
        u.set(t.updatedAt, u.arg(Decision::at));
        u.where(t.id.eq(u.arg(Decision::task)), t.status.eq(TaskStatus.NOT_STARTED));
    });

    static final Command<Decision> SKIP = STATEMENTS.update("skip", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.SKIPPED);
        u.set(t.errorDetails, u.argOrNull(Decision::reason));
        u.set(t.completedAt, u.arg(Decision::at));
        u.set(t.updatedAt, u.arg(Decision::at));
        u.where(t.id.eq(u.arg(Decision::task)), t.status.eq(TaskStatus.NOT_STARTED));
    });

    static final Select<UniversalUuid, TaskExecution> OF_EXECUTION = STATEMENTS.select("of-execution", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()));
        q.orderBy(t.id.asc());
        return row -> {
            String failed = row.orNull(t.errorDetails);
            String last = row.orNull(t.lastError);
            return new TaskExecution(
                    row.get(t.id).value(),
                    row.get(t.taskName),
                    row.get(t.status),
                    row.get(t.attempt),
                    ExecutionStore.instant(row.orNull(t.startedAt)),
                    ExecutionStore.instant(row.orNull(t.completedAt)),
                    failed != null ? failed : last);
        };
    });

    /** Whether an attempt was completed, asked when its commit finds the claim gone. */
    static final Select<Claim, Boolean> WAS_COMPLETED = STATEMENTS.select("was-completed", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.id.eq(q.arg(Claim::task)), t.attempt.eq(q.arg(Claim::attempt)));
        return row -> row.get(t.status) == TaskStatus.COMPLETED;
    });

    static final Select<UniversalUuid, String> FAILED_OF = STATEMENTS.select("failed-of", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()), t.status.eq(TaskStatus.FAILED));
        q.orderBy(t.taskName.asc());
        return row -> row.get(t.taskName);
    });

    /** A task that a runner holds, with what its recovery needs to know. */
    record Held(Claim claim, int recoveryAttempts, String workflow, String version) {}

    static final Select<UniversalUuid, Held> HELD_BY = STATEMENTS.select("held-by", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.claimedBy.eq(q.arg()), t.status.eq(TaskStatus.RUNNING));
        q.orderBy(t.id.asc());
        return row -> new Held(
                new Claim(
                        row.get(t.id),
                        row.get(t.pipelineExecutionId),
                        row.get(t.taskName),
                        row.get(t.attempt),
                        row.get(t.maxAttempts),
                        claimed(row.orNull(t.claimedBy))),
                row.get(t.recoveryAttempts),
                row.get(t.pipelineName),
                row.get(t.pipelineVersion));
    });

    private TaskStore() {}

    /** The guard of every change of a claimed task: the claim still holds. */
    private static <P> Condition held(UpdateBuilder<P> u, TaskExecutions t, Function<P, Claim> claim) {
        return t.id.eq(u.arg(claim.andThen(Claim::task)))
                .and(t.claimedBy.eq(u.arg(claim.andThen(Claim::runner))))
                .and(t.attempt.eq(u.arg(claim.andThen(Claim::attempt))))
                .and(t.status.eq(TaskStatus.RUNNING));
    }

    private static UniversalUuid claimed(@Nullable UniversalUuid runner) {
        if (runner == null) {
            throw new IllegalStateException("a running task has no runner");
        }
        return runner;
    }
}
