package io.cloacina.api;

/** What a task waits for without a thread. */
public enum WaitKind implements Labeled {
    /** A time. */
    TIME("Time"),
    /** A signal, perhaps until a time. */
    SIGNAL("Signal"),
    /** Its child executions, or the runs for the elements of its list. */
    CHILDREN("Children");

    private final String label;

    WaitKind(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
