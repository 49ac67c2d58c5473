package io.cloacina.schema.type;

/** The kind of a database: SQLite or PostgreSQL. */
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
