package io.cloacina.schema.catalog;

/**
 * One thing in which a database is not as defined.
 *
 * @param table the table that it is about, also when that is missing
 * @param text one line: where, what the database has and what the definition says
 */
public record Difference(String table, String text) {
    /** The line. */
    @Override
    public String toString() {
        return text;
    }
}
