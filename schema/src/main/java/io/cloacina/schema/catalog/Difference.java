package io.cloacina.schema.catalog;

import io.cloacina.schema.internal.ArgumentChecks;

/**
 * A difference between a database and its definition.
 *
 * @param table the table that it concerns, even if that is missing
 * @param text one line: where, what the database has, and what the definition requires
 */
public record Difference(String table, String text) {
    /** Checks that nothing is null. */
    public Difference {
        ArgumentChecks.given("the table", table);
        ArgumentChecks.given("the text", text);
    }

    /** The line. */
    @Override
    public String toString() {
        return text;
    }
}
