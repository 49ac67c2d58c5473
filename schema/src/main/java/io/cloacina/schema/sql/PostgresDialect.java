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

    /** Of one value the greatest; the planner keeps the call. A sign, as on SQLite, is only there for numbers. */
    @Override
    String unindexed(String column) {
        return "GREATEST(" + column + ")";
    }

    /** POSITION(part IN text) of the standard has its arguments the other way round than the function of SQLite. */
    @Override
    String position() {
        return "strpos";
    }

    /**
     * Rows that another claimer has locked are passed over. The array makes the planner run the select exactly once: as
     * a plain {@code IN} it may become the inner side of a nested loop, run again and lock more rows than its limit.
     */
    @Override
    String claimed(String column, String select, String lockedAlias) {
        return picked(column, select, "UPDATE", lockedAlias);
    }

    /** A foreign key shares the key of the row that it refers to (FOR KEY SHARE), which FOR UPDATE alone excludes. */
    @Override
    String held(String column, String select, String lockedAlias) {
        return picked(column, select, "NO KEY UPDATE", lockedAlias);
    }

    private static String picked(String column, String select, String strength, String lockedAlias) {
        return column + " = ANY (ARRAY(" + select + " FOR " + strength + " OF " + lockedAlias + " SKIP LOCKED))";
    }
}
