package io.cloacina.engine.model;

/**
 * A problem that needs an operator.
 *
 * @param code the kind of problem
 * @param sentence what is wrong
 * @param advice what to do
 */
public record Problem(Code code, String sentence, String advice) {
    /** The kinds of problems. */
    public enum Code {
        /** There is unfinished work, and no live runner. */
        NO_RUNNER,
        /** A runner has not renewed its lease, and its tasks have not been recovered yet. */
        RUNNER_SILENT,
        /** Unfinished executions have a version that no live runner has. */
        STRANDED,
        /** A task has been ready for more than five minutes. */
        READY_LATE,
        /** Tasks are more than a minute overdue: a retry, a delayed start, or the end of a sleep. */
        DUE_LATE,
        /** A limit is full, and a task has waited for it for more than five minutes. */
        LIMIT_FULL,
        /** A schedule is more than a minute overdue. */
        SCHEDULE_LATE,
        /** At least three executions of a workflow failed within an hour, and at least as many as completed. */
        FAILING,
        /** The database was migrated by another version of the library. */
        SCHEMA_DIFFERS,
        /** PostgreSQL: a transaction has been open for more than an hour. */
        TRANSACTION_OLD,
        /** Alerts are enabled, and no live runner evaluates them. */
        ALERTS_OFF
    }
}
