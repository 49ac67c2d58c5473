package io.cloacina.schema.migration;

import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.ExecutionLabels;
import io.cloacina.schema.tables.LimitUses;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.tables.Signals;
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
                    "b8287aaa12a15bffe2b5b1fe990285ee8b95a8aa75b262f0a102edba90af1b57",
                    "535fdcc18c96cbb13b70d646410f7a0d32b12eb5d7c437c47386617c2e3833f3");

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
                Step.create(Signals::new),
                Step.create(ExecutionLabels::new),
                Step.create(LimitUses::new),
                Step.create(WorkflowRegistry::new),
                Step.create(WorkflowPackages::new),
                Step.create(WorkflowDefinitions::new),
                Step.create(CronSchedules::new),
                Step.create(CronExecutions::new));
    }
}
