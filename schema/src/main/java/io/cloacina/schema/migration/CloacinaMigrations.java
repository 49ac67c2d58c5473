package io.cloacina.schema.migration;

import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.tables.WorkflowRegistry;

/** The versions of {@link io.cloacina.schema.tables.CloacinaSchema}. */
public final class CloacinaMigrations {
    /** The first version. */
    public static final Migration V1 = Migration.version(
                    1,
                    "the nine tables, runners and this history",
                    Step.create(SchemaMigrations::new),
                    Step.create(Contexts::new),
                    Step.create(Runners::new),
                    Step.create(PipelineExecutions::new),
                    Step.create(TaskExecutions::new),
                    Step.create(TaskExecutionMetadata::new),
                    Step.create(RecoveryEvents::new),
                    Step.create(WorkflowRegistry::new),
                    Step.create(WorkflowPackages::new),
                    Step.create(CronSchedules::new),
                    Step.create(CronExecutions::new))
            .recorded(
                    "b1f6851c426007638077d11e170993bd767b3910f434603954e93c043ecf8dab",
                    "35e95134b1e2d63d5adadc9ab8ddc6fdd883019cc7093823aed01f6754894118");

    /** All versions. */
    public static final Migrations ALL = Migrations.of(V1);

    private CloacinaMigrations() {}
}
