package io.cloacina.schema.tables;

import io.cloacina.schema.sql.Schema;

/** The schema of Cloacina's own tables: their only definition. */
public final class CloacinaSchema {
    /** All tables, each before the tables that refer to it. */
    public static final Schema SCHEMA = Schema.of(
            SchemaMigrations::new,
            Contexts::new,
            Runners::new,
            PipelineExecutions::new,
            TaskExecutions::new,
            TaskExecutionMetadata::new,
            RecoveryEvents::new,
            TaskAttempts::new,
            Signals::new,
            ExecutionLabels::new,
            LimitUses::new,
            WorkflowRegistry::new,
            WorkflowPackages::new,
            WorkflowDefinitions::new,
            CronSchedules::new,
            CronExecutions::new,
            BulkOperations::new,
            AuditEntries::new,
            Hooks::new,
            Alerts::new);

    private CloacinaSchema() {}
}
