package io.cloacina.schema.sql;

import io.cloacina.schema.type.Backend;

final class PostgresDialect extends Dialect {
    static final PostgresDialect INSTANCE = new PostgresDialect();

    private PostgresDialect() {}

    @Override
    public Backend backend() {
        return Backend.POSTGRES;
    }

    @Override
    public String tableOptions() {
        return "";
    }

    @Override
    public boolean altersConstraints() {
        return true;
    }

    @Override
    boolean hasArrays() {
        return true;
    }

    /**
     * The greatest of a single value, a call that the planner keeps. A plus sign, as on SQLite, works only for numbers.
     */
    @Override
    String unindexed(String column) {
        return "GREATEST(" + column + ")";
    }

    /** The standard's POSITION(part IN text) has its arguments in the opposite order of SQLite's function. */
    @Override
    String position() {
        return "strpos";
    }

    /**
     * Skips rows that another transaction has locked. The array makes the planner run the select exactly once: with a
     * plain {@code IN}, it might become the inner side of a nested loop, run repeatedly, and lock more rows than its
     * limit.
     */
    @Override
    String claimed(String column, String select, String lockedAlias) {
        return picked(column, select, "UPDATE", lockedAlias);
    }

    /**
     * A foreign key takes a lock on the row that it refers to (FOR KEY SHARE), which conflicts with FOR UPDATE but not
     * with this one.
     */
    @Override
    String held(String column, String select, String lockedAlias) {
        return picked(column, select, "NO KEY UPDATE", lockedAlias);
    }

    private static String picked(String column, String select, String strength, String lockedAlias) {
        return column + " = ANY (ARRAY(" + select + " FOR " + strength + " OF " + lockedAlias + " SKIP LOCKED))";
    }
}
