package io.cloacina.schema.sql;

import io.cloacina.schema.type.Backend;

/**
 * The SQL that differs between the backends. A method here is a difference, with its reason; everything else is one
 * text.
 */
public abstract sealed class Dialect permits SqliteDialect, PostgresDialect {
    Dialect() {}

    /** The dialect of a backend. */
    public static Dialect of(Backend backend) {
        return switch (backend) {
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

    /** Whether one parameter can be an array, whose elements are the rows of a table. */
    abstract boolean hasArrays();

    /** The value of a column, as no index knows it. */
    abstract String unindexed(String column);

    /** The function that finds a text in another one. */
    abstract String position();

    /** The condition that {@code column} is among the rows picked by {@code select}, each of which it claims. */
    abstract String claimed(String column, String select, String lockedAlias);

    /** As {@link #claimed}; but a transaction that stores a row which refers to a picked one does not stand in the way. */
    abstract String held(String column, String select, String lockedAlias);
}
