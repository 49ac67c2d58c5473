package io.cloacina.schema.migration;

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

/** The versions of {@link io.cloacina.schema.tables.CloacinaSchema}. */
public final class CloacinaMigrations {
    /** The first version. */
    public static final Migration V1 = Migration.version(1, "the first tables", CloacinaMigrations::first)
            .recorded(
                    "70af83c0d059bc871d10951c19030312e461114171fafe003ac86d15a0b6dfe6",
                    "a13a8dceeeff5a159dd924d7ccdfdfc8cf5924e358f9fdd4254ec3f9b0672f41");

    /** All versions. */
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
                Step.create(Hooks::new));
    }
}
