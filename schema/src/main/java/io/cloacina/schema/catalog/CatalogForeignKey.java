package io.cloacina.schema.catalog;

import java.util.List;

/**
 * One foreign key of a database.
 *
 * @param onDelete the words of SQL, such as {@code SET NULL}
 * @param options what is unusual about it, such as {@code NOT VALID}; empty or beginning with a blank
 */
record CatalogForeignKey(
        List<String> columns, String parent, List<String> parentColumns, String onDelete, String options) {
    @Override
    public String toString() {
        return CatalogIndex.list(columns) + " REFERENCES " + parent + " " + CatalogIndex.list(parentColumns)
                + " ON DELETE " + onDelete + options;
    }
}
