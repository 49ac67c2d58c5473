package io.cloacina.schema.sql;

/** What deleting a referenced row does to the rows that refer to it. */
public enum OnDelete {
    /** The delete is refused while another row refers to the row. */
    NO_ACTION("NO ACTION"),
    /** The referring rows are deleted as well. */
    CASCADE("CASCADE"),
    /** The referring column becomes NULL. */
    SET_NULL("SET NULL");

    private final String sql;

    OnDelete(String sql) {
        this.sql = sql;
    }

    /** The SQL keywords, the same on both backends. */
    public String sql() {
        return sql;
    }
}
