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
import java.util.List;

/** The versions of {@link io.cloacina.schema.tables.CloacinaSchema}. */
public final class CloacinaMigrations {
    /** The first version. */
    public static final Migration V1 = Migration.version(
                    1, "the nine tables, runners and this history", CloacinaMigrations::first)
            .recorded(
                    "0060b2b1c545f631685aca9b7e59301ca206de47885a7308c87dbfe50a07e043",
                    "7703fca6f6ba6ae8302b10f9e179f86378420c6885755b530d77177650317e8f");

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
                Step.create(WorkflowRegistry::new),
                Step.create(WorkflowPackages::new),
                Step.create(CronSchedules::new),
                Step.create(CronExecutions::new));
    }
}
