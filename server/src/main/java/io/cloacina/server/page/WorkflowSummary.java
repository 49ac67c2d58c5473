package io.cloacina.server.page;

/**
 * A workflow in the list of all workflows.
 *
 * @param newest the version that was stored last
 * @param runners how many live runners have any of its versions; one that has two counts twice
 * @param unfinished executions of all versions
 */
public record WorkflowSummary(String newest, int versions, int runners, long unfinished) {
    WorkflowSummary plus(WorkflowSummary older) {
        return new WorkflowSummary(
                newest, versions + older.versions, runners + older.runners, unfinished + older.unfinished);
    }
}
