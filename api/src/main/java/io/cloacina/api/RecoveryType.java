package io.cloacina.api;

/** What the engine did in a recovery. */
public enum RecoveryType implements Labeled {
    /** A task of a dead runner was made ready again. */
    TASK_RESET("task_reset"),
    /** A task was failed after too many recoveries. */
    TASK_ABANDONED("task_abandoned"),
    /** An execution continues with another version of its workflow. */
    VERSION_CHANGED("version_changed"),
    /** No runner had the workflow of an execution within the configured time. */
    WORKFLOW_UNAVAILABLE("workflow_unavailable"),
    /** An execution was failed. */
    PIPELINE_FAILED("pipeline_failed");

    private final String label;

    RecoveryType(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
