package io.cloacina.schema.catalog;

import java.util.SortedMap;
import java.util.SortedSet;

/**
 * One table of a database.
 *
 * @param options properties of the whole table, such as {@code STRICT}
 * @param columns by name; their order is not kept
 * @param keys the primary key and other keys that are constraints, by name, as {@code PRIMARY KEY (id)}
 * @param indexes by name, without those that belong to a key
 * @param checks the normal forms of their conditions, by name
 * @param triggers triggers and rules, by name
 */
record CatalogTable(
        String name,
        SortedSet<String> options,
        SortedMap<String, CatalogColumn> columns,
        SortedMap<String, String> keys,
        SortedMap<String, CatalogForeignKey> foreignKeys,
        SortedMap<String, CatalogIndex> indexes,
        SortedMap<String, String> checks,
        SortedSet<String> triggers) {}
