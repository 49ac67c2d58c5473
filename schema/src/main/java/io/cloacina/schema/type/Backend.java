package io.cloacina.schema.type;

/** Which database a connection speaks to. */
public enum Backend {
    SQLITE("sqlite"),
    POSTGRES("postgresql");

    private final String label;

    Backend(String label) {
        this.label = label;
    }

    /** The name as written in URLs and reports: {@code sqlite} or {@code postgresql}. */
    public String label() {
        return label;
    }
}
