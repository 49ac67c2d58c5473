package io.cloacina.schema.catalog;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables of a database, by name. Filled by the reader of a backend, and not changed afterwards. */
record Catalog(SortedMap<String, CatalogTable> tables) {
    /** Empty, to be filled by a reader; tables that do not exist stay absent. */
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
