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

    /** False, because a set would not save a round trip. */
    @Override
    boolean hasArrays() {
        return false;
    }

    /** The manual of SQLite's planner recommends the plus sign for this. */
    @Override
    String unindexed(String column) {
        return "+" + column;
    }

    @Override
    String position() {
        return "instr";
    }

    /**
     * Without locks: there is one writer, so no other transaction can pick the same rows, and row locks do not exist.
     */
    @Override
    String claimed(String column, String select, String lockedAlias) {
        return column + " IN (" + select + ")";
    }

    /** The same, because a writer is alone. */
    @Override
    String held(String column, String select, String lockedAlias) {
        return claimed(column, select, lockedAlias);
    }
}
