package io.cloacina.schema.testsupport;

import io.cloacina.api.CatchUpPolicy;
import io.cloacina.api.ExecutionOrigin;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.StorageType;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.tables.WorkflowRegistry;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Inserts of one row in each table: a record says what tests care about, the rest is the same in every row. */
public final class SampleRows {
    /** The statements below. */
    public static final Statements STATEMENTS = new Statements("sample-rows");

    /** When every row was made. */
    public static final UniversalTimestamp NOON = UniversalTimestamp.parse("2025-06-01T12:00:00.000000Z");

    private SampleRows() {}

    public record Context(UniversalUuid id, String value) {}

    public record Execution(
            UniversalUuid id,
            String name,
            ExecutionStatus status,
            @Nullable UniversalUuid contextId,
            @Nullable String idempotencyKey) {}

    public record Task(
            UniversalUuid id,
            UniversalUuid executionId,
            String name,
            TaskStatus status,
            @Nullable UniversalTimestamp startedAt,
            UniversalTimestamp createdAt,
            @Nullable UniversalUuid claimedBy) {
        /** Ready, not started, made at noon. */
        public static Task ready(UniversalUuid executionId, String name) {
            return new Task(UniversalUuid.v7(), executionId, name, TaskStatus.READY, null, NOON, null);
        }
    }

    public record Output(
            UniversalUuid taskId,
            UniversalUuid executionId,
            String name,
            @Nullable UniversalUuid contextId) {}

    public record Recovery(
            UniversalUuid executionId,
            @Nullable UniversalUuid taskId,
            RecoveryType type,
            @Nullable String details) {}

    public record Bundle(UniversalUuid registryId, String name, String version) {}

    public record Occurrence(UniversalUuid scheduleId, UniversalTimestamp scheduledTime, UniversalUuid executionId) {}

    public static final Command<Context> CONTEXT = STATEMENTS.insert("context", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg(Context::id));
        i.set(c.value, i.arg(Context::value));
        i.set(c.createdAt, NOON);
        i.set(c.updatedAt, NOON);
    });

    public static final Command<UniversalUuid> RUNNER = STATEMENTS.insert("runner", i -> {
        var r = i.into(Runners::new);
        i.set(r.id, i.arg());
        i.set(r.host, "here");
        i.set(r.bootId, "boot");
        i.set(r.pid, 4_294_967_296L);
        i.set(r.processStart, "42");
        i.set(r.workflows, "[[\"etl\",\"1\"]]");
        i.set(r.heartbeats, 0L);
        i.set(r.heartbeatAt, NOON);
        i.set(r.leaseExpiresAt, NOON);
        i.set(r.createdAt, NOON);
    });

    public static final Command<Execution> EXECUTION = STATEMENTS.insert("execution", i -> {
        var e = i.into(PipelineExecutions::new);
        i.set(e.id, i.arg(Execution::id));
        i.set(e.pipelineName, i.arg(Execution::name));
        i.set(e.pipelineVersion, "1");
        i.set(e.status, i.arg(Execution::status));
        i.set(e.contextId, i.argOrNull(Execution::contextId));
        i.set(e.recoveryAttempts, 0);
        i.set(e.createdAt, NOON);
        i.set(e.updatedAt, NOON);
        i.set(e.leavesRemaining, 1);
        i.set(e.tasksFailed, 0);
        i.set(e.idempotencyKey, i.argOrNull(Execution::idempotencyKey));
        i.set(e.priority, 0);
        i.set(e.origin, ExecutionOrigin.SUBMIT);
    });

    public static final Command<Task> TASK = STATEMENTS.insert("task", i -> {
        var t = i.into(TaskExecutions::new);
        i.set(t.id, i.arg(Task::id));
        i.set(t.pipelineExecutionId, i.arg(Task::executionId));
        i.set(t.taskName, i.arg(Task::name));
        i.set(t.status, i.arg(Task::status));
        i.set(t.startedAt, i.argOrNull(Task::startedAt));
        i.set(t.attempt, 0);
        i.set(t.maxAttempts, 3);
        i.set(t.triggerRules, "{}");
        i.set(t.taskConfiguration, "{}");
        i.set(t.recoveryAttempts, 0);
        i.set(t.createdAt, i.arg(Task::createdAt));
        i.set(t.updatedAt, i.arg(Task::createdAt));
        i.set(t.dependenciesRemaining, 0);
        i.set(t.dependenciesUnmet, 0);
        i.set(t.childrenRemaining, 0);
        i.set(t.claimedBy, i.argOrNull(Task::claimedBy));
        i.set(t.pipelineName, "etl");
        i.set(t.pipelineVersion, "1");
        i.set(t.priority, 0);
        i.set(t.paused, UniversalBool.FALSE);
    });

    public static final Command<Output> OUTPUT = STATEMENTS.insert("output", i -> {
        var m = i.into(TaskExecutionMetadata::new);
        i.set(m.id, i.arg(Output::taskId));
        i.set(m.taskExecutionId, i.arg(Output::taskId));
        i.set(m.pipelineExecutionId, i.arg(Output::executionId));
        i.set(m.taskName, i.arg(Output::name));
        i.set(m.contextId, i.argOrNull(Output::contextId));
        i.set(m.createdAt, NOON);
        i.set(m.updatedAt, NOON);
    });

    public static final Command<Recovery> RECOVERY = STATEMENTS.insert("recovery", i -> {
        var r = i.into(RecoveryEvents::new);
        i.set(r.id, i.arg(recovery -> UniversalUuid.v7()));
        i.set(r.pipelineExecutionId, i.arg(Recovery::executionId));
        i.set(r.taskExecutionId, i.argOrNull(Recovery::taskId));
        i.set(r.recoveryType, i.arg(Recovery::type));
        i.set(r.recoveredAt, NOON);
        i.set(r.details, i.argOrNull(Recovery::details));
        i.set(r.createdAt, NOON);
        i.set(r.updatedAt, NOON);
    });

    public static final Command<UniversalUuid> REGISTRY = STATEMENTS.insert("registry", i -> {
        var r = i.into(WorkflowRegistry::new);
        i.set(r.id, i.arg());
        i.set(r.createdAt, NOON);
        i.set(r.data, UniversalBinary.of(new byte[] {0, 1, (byte) 0xff}));
    });

    public static final Command<Bundle> PACKAGE = STATEMENTS.insert("package", i -> {
        var p = i.into(WorkflowPackages::new);
        i.set(p.id, i.arg(Bundle::registryId));
        i.set(p.registryId, i.arg(Bundle::registryId));
        i.set(p.packageName, i.arg(Bundle::name));
        i.set(p.version, i.arg(Bundle::version));
        i.set(p.metadata, "{}");
        i.set(p.storageType, StorageType.DATABASE);
        i.set(p.createdAt, NOON);
        i.set(p.updatedAt, NOON);
        i.set(p.contentHash, "00");
        i.set(p.contentSize, 1);
    });

    /** Named {@code nightly}. */
    public static final Command<UniversalUuid> SCHEDULE = STATEMENTS.insert("schedule", i -> {
        var s = i.into(CronSchedules::new);
        i.set(s.id, i.arg());
        i.set(s.workflowName, "etl");
        i.set(s.cronExpression, "0 0 * * *");
        i.set(s.timezone, "UTC");
        i.set(s.enabled, UniversalBool.TRUE);
        i.set(s.catchupPolicy, CatchUpPolicy.RUN_ONCE);
        i.set(s.nextRunAt, NOON);
        i.set(s.createdAt, NOON);
        i.set(s.updatedAt, NOON);
        i.set(s.name, "nightly");
        i.set(s.catchupLimit, 1);
        i.set(s.catchupMaxAgeSeconds, 3_600);
    });

    public static final Command<Occurrence> OCCURRENCE = STATEMENTS.insert("occurrence", i -> {
        var o = i.into(CronExecutions::new);
        i.set(o.id, i.arg(occurrence -> UniversalUuid.v7()));
        i.set(o.scheduleId, i.arg(Occurrence::scheduleId));
        i.set(o.pipelineExecutionId, i.arg(Occurrence::executionId));
        i.set(o.scheduledTime, i.arg(Occurrence::scheduledTime));
        i.set(o.claimedAt, NOON);
        i.set(o.createdAt, NOON);
        i.set(o.updatedAt, NOON);
    });

    /** The ids of what {@link #everywhere} made; {@code extract} and {@code load} are its tasks. */
    public record Ids(
            UniversalUuid input,
            UniversalUuid output,
            UniversalUuid runner,
            UniversalUuid execution,
            UniversalUuid extract,
            UniversalUuid load,
            UniversalUuid registry,
            UniversalUuid schedule) {}

    /**
     * Rows in every table: execution {@code etl} with an input, whose completed task {@code extract} left an output and was
     * recovered once and whose task {@code load} runs, submitted by an occurrence of a schedule; and a package.
     */
    public static Ids everywhere(WriteTransaction transaction) {
        List<UniversalUuid> made = Stream.generate(UniversalUuid::v7).limit(8).toList();
        Ids ids = new Ids(
                made.get(0), made.get(1), made.get(2), made.get(3), made.get(4), made.get(5), made.get(6), made.get(7));
        transaction.run(CONTEXT, new Context(ids.input, "{\"in\":1}"));
        transaction.run(CONTEXT, new Context(ids.output, "{\"out\":2}"));
        transaction.run(RUNNER, ids.runner);
        transaction.run(EXECUTION, new Execution(ids.execution, "etl", ExecutionStatus.RUNNING, ids.input, "key"));
        transaction.run(TASK, new Task(ids.extract, ids.execution, "extract", TaskStatus.COMPLETED, NOON, NOON, null));
        transaction.run(TASK, new Task(ids.load, ids.execution, "load", TaskStatus.RUNNING, NOON, NOON, ids.runner));
        transaction.run(OUTPUT, new Output(ids.extract, ids.execution, "extract", ids.output));
        transaction.run(RECOVERY, new Recovery(ids.execution, ids.extract, RecoveryType.TASK_RESET, "{\"n\":1}"));
        transaction.run(RECOVERY, new Recovery(ids.execution, null, RecoveryType.WORKFLOW_UNAVAILABLE, null));
        transaction.run(REGISTRY, ids.registry);
        transaction.run(PACKAGE, new Bundle(ids.registry, "etl-package", "1"));
        transaction.run(SCHEDULE, ids.schedule);
        transaction.run(OCCURRENCE, new Occurrence(ids.schedule, NOON, ids.execution));
        return ids;
    }
}
