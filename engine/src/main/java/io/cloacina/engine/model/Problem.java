package io.cloacina.engine.model;

/**
 * Something that needs a person.
 *
 * @param code what kind of thing it is
 * @param sentence what is wrong
 * @param advice what to do
 */
public record Problem(Code code, String sentence, String advice) {
    /** The kinds of problems. */
    public enum Code {
        /** There is unfinished work, and no runner is alive. */
        NO_RUNNER,
        /** A runner has not renewed its lease, and its tasks were not recovered yet. */
        RUNNER_SILENT,
        /** Unfinished executions have a version that no live runner has. */
        STRANDED,
        /** A task has been ready for more than five minutes. */
        READY_LATE,
        /** The time of tasks (a retry, a start, the end of a sleep) came more than a minute ago. */
        DUE_LATE,
        /** A limit is full, and a task has waited for it for more than five minutes. */
        LIMIT_FULL,
        /** A schedule should have fired more than a minute ago. */
        SCHEDULE_LATE,
        /** Of a workflow at least three executions failed within an hour, and not fewer than completed. */
        FAILING,
        /** The database was migrated by another version of the library. */
        SCHEMA_DIFFERS,
        /** PostgreSQL: a transaction has been open for more than an hour. */
        TRANSACTION_OLD,
        /** Alerts are enabled, and no live runner evaluates them. */
        ALERTS_OFF
    }
}
