package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.Backend;

/**
 * The SQL that differs between the backends. A method here is a difference, with its reason; everything else is one
 * text.
 */
public abstract sealed class Dialect permits SqliteDialect, PostgresDialect {
    Dialect() {}

    /** The dialect of a backend. */
    public static Dialect of(Backend backend) {
        return switch (ArgumentChecks.given("the backend", backend)) {
            case SQLITE -> SqliteDialect.INSTANCE;
            case POSTGRES -> PostgresDialect.INSTANCE;
        };
    }

    /** The backend that speaks it. */
    public abstract Backend backend();

    /** What follows the closing parenthesis of {@code CREATE TABLE}. */
    public abstract String tableOptions();

    /** Whether constraints of an existing table can be changed in place; otherwise the table is rebuilt. */
    public abstract boolean altersConstraints();

    /** Whether a parameter can be an array, whose elements become the rows of a table. */
    abstract boolean hasArrays();

    /** An expression with the value of a column that no index serves. */
    abstract String unindexed(String column);

    /** The function that finds a text within another one. */
    abstract String position();

    /** The condition that {@code column} is among the rows picked by {@code select}, which locks each of them. */
    abstract String claimed(String column, String select, String lockedAlias);

    /** As {@link #claimed}, but without conflict with a transaction that stores a row which refers to a picked one. */
    abstract String held(String column, String select, String lockedAlias);
}
