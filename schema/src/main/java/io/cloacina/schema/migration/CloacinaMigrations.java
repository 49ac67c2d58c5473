package io.cloacina.schema.migration;

import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.LimitUses;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.tables.Signals;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.tables.WorkflowRegistry;
import java.util.List;

/** The versions of {@link io.cloacina.schema.tables.CloacinaSchema}. */
public final class CloacinaMigrations {
    /** The first version. */
    public static final Migration V1 = Migration.version(1, "the first tables", CloacinaMigrations::first)
            .recorded(
                    "75420f3827d13932acc5a4e514352a7f7aef18fd48b936c01934863b32e50ff2",
                    "25bab99c30a2ebc527d87d62df821269e4814e5502987853bfd0a35a1fc35f21");

    /** All versions. */
    public static final Migrations ALL = Migrations.of(V1);

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
                Step.create(LimitUses::new),
                Step.create(WorkflowRegistry::new),
                Step.create(WorkflowPackages::new),
                Step.create(CronSchedules::new),
                Step.create(CronExecutions::new));
    }
}
