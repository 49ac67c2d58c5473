package io.cloacina.api;

/** What a waiting task waits for; it occupies no thread. */
public enum WaitKind implements Labeled {
    /** An instant. */
    TIME("Time"),
    /** A signal, possibly with a time limit. */
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
