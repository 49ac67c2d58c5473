package io.cloacina.api;

/** What submitted an execution. */
public enum ExecutionOrigin implements Labeled {
    /** A call of the application. */
    SUBMIT("submit"),
    /** An occurrence of a schedule. */
    SCHEDULE("schedule"),
    /** A task of another execution, which waits for it. */
    TASK("task");

    private final String label;

    ExecutionOrigin(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
