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
                    "d688d77480a8765cf078ee9e9b22a3f13016f4faacb21f7da09ef7dd03d08af3",
                    "d26c2ed81d67e811da4789757022516ad2500f0893ee00a985864f28198895db");

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
