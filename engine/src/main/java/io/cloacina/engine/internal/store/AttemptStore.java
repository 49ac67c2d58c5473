package io.cloacina.engine.internal.store;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.TaskAttempts;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements over stored attempts. */
public final class AttemptStore {
    public static final Statements STATEMENTS = new Statements("attempts");

    /** The process of a runner. */
    public record RunnerProcess(String host, long pid) {}

    public static final Select<UniversalUuid, RunnerProcess> PROCESS = STATEMENTS.select("process", q -> {
        var r = q.from(Runners::new);
        q.where(r.id.eq(q.arg()));
        return row -> new RunnerProcess(row.get(r.host), row.get(r.pid));
    });

    /**
     * An attempt that has ended.
     *
     * @param run its number as users see it
     * @param runner the runner of the attempt; null if it waited for its children
     * @param process the process of the runner; null if the runner's row is gone
     */
    public record EndedAttempt(
            UniversalUuid task,
            int run,
            AttemptOutcome outcome,
            @Nullable UniversalUuid runner,
            @Nullable RunnerProcess process,
            UniversalTimestamp startedAt,
            @Nullable String error,
            UniversalTimestamp at) {
        /** An attempt that a runner had claimed. */
        public static EndedAttempt of(
                Claim claim,
                AttemptOutcome outcome,
                @Nullable RunnerProcess process,
                @Nullable String error,
                UniversalTimestamp at) {
            return new EndedAttempt(
                    claim.task(), claim.run(), outcome, claim.runner(), process, claim.startedAt(), error, at);
        }

        @Nullable
        String host() {
            return process == null ? null : process.host();
        }

        @Nullable
        Long pid() {
            return process == null ? null : process.pid();
        }
    }

    public static final Command<EndedAttempt> INSERT = STATEMENTS.insert("insert", i -> {
        var a = i.into(TaskAttempts::new);
        i.set(a.id, i.arg(ended -> UniversalUuid.v7()));
        i.set(a.taskExecutionId, i.arg(EndedAttempt::task));
        i.set(a.attempt, i.arg(EndedAttempt::run));
        i.set(a.outcome, i.arg(EndedAttempt::outcome));
        i.set(a.runnerId, i.argOrNull(EndedAttempt::runner));
        i.set(a.host, i.argOrNull(EndedAttempt::host));
        i.set(a.pid, i.argOrNull(EndedAttempt::pid));
        i.set(a.startedAt, i.arg(EndedAttempt::startedAt));
        i.set(a.endedAt, i.arg(EndedAttempt::at));
        i.set(a.error, i.argOrNull(EndedAttempt::error));
    });

    public record UpTo(UniversalUuid task, int attempt) {}

    /** Removes the oldest attempts of a task. */
    public static final Command<UpTo> FORGET = STATEMENTS.delete("forget", d -> {
        var a = d.from(TaskAttempts::new);
        d.where(a.taskExecutionId.eq(d.arg(UpTo::task)), a.attempt.le(d.arg(UpTo::attempt)));
    });

    /** A stored attempt with its task. */
    public record Stored(UUID task, TaskAttempt attempt) {}

    /** The attempts of an execution, by task. */
    public static final Select<UniversalUuid, Stored> OF = STATEMENTS.select("of", q -> {
        var a = q.from(TaskAttempts::new);
        var t = q.join(a.task);
        q.where(t.pipelineExecutionId.eq(q.arg()));
        q.orderBy(a.taskExecutionId.asc(), a.attempt.asc(), a.id.asc());
        return row -> stored(row, a, t);
    });

    /** The last attempt of a task that is stored. */
    public static final Select<UniversalUuid, Stored> LAST = STATEMENTS.select("last", q -> {
        var a = q.from(TaskAttempts::new);
        var t = q.join(a.task);
        q.where(a.taskExecutionId.eq(q.arg()));
        q.orderBy(a.attempt.desc(), a.id.desc());
        q.limit(1);
        return row -> stored(row, a, t);
    });

    /** A runner that has claimed a task now. */
    public record Holder(UUID task, UUID runner, RunnerProcess process) {}

    public static final Select<UniversalUuid, Holder> HOLDERS = STATEMENTS.select("holders", q -> {
        var t = q.from(TaskExecutions::new);
        var r = q.join(t.runner);
        q.where(t.pipelineExecutionId.eq(q.arg()));
        return row -> new Holder(
                row.get(t.id).value(), row.get(r.id).value(), new RunnerProcess(row.get(r.host), row.get(r.pid)));
    });

    private AttemptStore() {}

    static Stored stored(Row row, TaskAttempts a, TaskExecutions t) {
        return new Stored(
                row.get(a.taskExecutionId).value(),
                new TaskAttempt(
                        row.get(t.taskName),
                        row.get(a.attempt),
                        row.get(a.outcome),
                        value(row.orNull(a.runnerId)),
                        row.orNull(a.host),
                        row.orNull(a.pid),
                        row.get(a.startedAt).toInstant(),
                        row.get(a.endedAt).toInstant(),
                        row.orNull(a.error)));
    }

    private static @Nullable UUID value(@Nullable UniversalUuid id) {
        return id == null ? null : id.value();
    }
}
