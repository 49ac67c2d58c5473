package io.cloacina.schema.sql;

/** What deleting a referred row does to the rows that refer to it. */
public enum OnDelete {
    /** The delete is refused while a row refers to it. */
    NO_ACTION("NO ACTION"),
    /** The referring rows go with it. */
    CASCADE("CASCADE"),
    /** The referring column becomes NULL. */
    SET_NULL("SET NULL");

    private final String sql;

    OnDelete(String sql) {
        this.sql = sql;
    }

    /** The words of both backends. */
    public String sql() {
        return sql;
    }
}
