package io.cloacina.schema.sql;

/** Where an ordering puts NULL. */
public enum Nulls {
    /** Before all values. */
    FIRST(" NULLS FIRST"),
    /** After all values. */
    LAST(" NULLS LAST");

    private final String clause;

    Nulls(String clause) {
        this.clause = clause;
    }

    String clause() {
        return clause;
    }
}
