package io.cloacina.schema.sql;

import java.util.function.Function;

/**
 * Writes a delete.
 *
 * @param <P> the statement's argument
 */
public final class DeleteBuilder<P> extends FilteredChangeBuilder<P> {
    DeleteBuilder() {}

    /** The table to delete from. */
    public <T extends Table> T from(Function<Source, T> table) {
        return target(table);
    }

    @Override
    void write(SqlWriter sql) {
        sql.text("DELETE FROM ").text(target().tableName()).members(" USING ");
        writeWhere(sql);
    }
}
