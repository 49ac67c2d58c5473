package io.cloacina.schema.sql;

import io.cloacina.schema.type.Backend;

final class SqliteDialect extends Dialect {
    static final SqliteDialect INSTANCE = new SqliteDialect();

    private SqliteDialect() {}

    @Override
    public Backend backend() {
        return Backend.SQLITE;
    }

    /** Without STRICT a column takes any value, and its declared type only decides how it is mangled. */
    @Override
    public String tableOptions() {
        return " STRICT";
    }

    /** ALTER TABLE can only add columns and rename. */
    @Override
    public boolean altersConstraints() {
        return false;
    }

    /** There would be no round trip to save. */
    @Override
    boolean hasArrays() {
        return false;
    }

    /** For this the plus sign is in the manual of SQLite's planner. */
    @Override
    String unindexed(String column) {
        return "+" + column;
    }

    @Override
    String position() {
        return "instr";
    }

    /** There is one writer, so what it picks nobody else can pick: there are no row locks and none are needed. */
    @Override
    String claimed(String column, String select, String lockedAlias) {
        return column + " IN (" + select + ")";
    }

    /** The same: who writes is alone. */
    @Override
    String held(String column, String select, String lockedAlias) {
        return claimed(column, select, lockedAlias);
    }
}
