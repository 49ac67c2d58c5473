package io.cloacina.schema.catalog;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tables as a database has them, by name. Filled by the reader of a backend, not changed afterwards. */
record Catalog(SortedMap<String, CatalogTable> tables) {
    /** Of the given tables; those that are not there will be missing. */
    static Catalog reading() {
        return new Catalog(new TreeMap<>());
    }

    Optional<CatalogTable> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }

    CatalogTable add(String name) {
        CatalogTable table = new CatalogTable(
                name,
                new TreeSet<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeSet<>());
        tables.put(name, table);
        return table;
    }
}
