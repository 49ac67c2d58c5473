package io.cloacina.schema.sql;

/**
 * The place of an instance of a table: the definition, or one statement under one alias. Only this package can
 * make one, so a table cannot be named outside the statement that opened it.
 */
public final class Source {
    /** The qualifier of the table that a statement changes, which does not have an alias. */
    static final String BY_TABLE_NAME = "";

    static final Source DEFINITION = new Source(BY_TABLE_NAME);

    private final String qualifier;

    Source(String qualifier) {
        this.qualifier = qualifier;
    }

    /** The alias with which columns are written, or {@link #BY_TABLE_NAME}. */
    String qualifier() {
        return qualifier;
    }
}
