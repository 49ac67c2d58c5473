package io.cloacina.schema.migration;

import io.cloacina.schema.tables.Alerts;
import io.cloacina.schema.tables.AuditEntries;
import io.cloacina.schema.tables.BulkOperations;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.ExecutionLabels;
import io.cloacina.schema.tables.Hooks;
import io.cloacina.schema.tables.LimitUses;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.tables.Signals;
import io.cloacina.schema.tables.TaskAttempts;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.WorkflowDefinitions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.tables.WorkflowRegistry;
import java.util.List;

/** The migrations of Cloacina's own tables, {@link io.cloacina.schema.tables.CloacinaSchema}. */
public final class CloacinaMigrations {
    /** The first version. */
    public static final Migration V1 = Migration.version(1, "the first tables", CloacinaMigrations::first)
            .recorded(
                    "c80f80fb04267ee4d448843cd616998a110e48cb7103becc0eb3a2029eb1df72",
                    "3b4bbc2573534e0d06dce7c466623ffe9ae82deece0136d49d4ea7f1c4c1e113");

    /** All versions, in order. */
    public static final Migrations ALL = Migrations.of(SchemaMigrations.NAME, V1);

    private CloacinaMigrations() {}

    private static List<Step> first() {
        return List.of(
                Step.create(SchemaMigrations::new),
                Step.create(Contexts::new),
                Step.create(Runners::new),
                Step.create(PipelineExecutions::new),
                Step.create(TaskExecutions::new),
                Step.create(TaskExecutionMetadata::new),
                Step.create(RecoveryEvents::new),
                Step.create(TaskAttempts::new),
                Step.create(Signals::new),
                Step.create(ExecutionLabels::new),
                Step.create(LimitUses::new),
                Step.create(WorkflowRegistry::new),
                Step.create(WorkflowPackages::new),
                Step.create(WorkflowDefinitions::new),
                Step.create(CronSchedules::new),
                Step.create(CronExecutions::new),
                Step.create(BulkOperations::new),
                Step.create(AuditEntries::new),
                Step.create(Hooks::new),
                Step.create(Alerts::new));
    }
}
