package io.cloacina.schema.catalog;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The catalog of either backend with the types of the definition, so that those of both backends can be compared. */
final class LogicalCatalog {
    private LogicalCatalog() {}

    static Catalog of(Catalog read) {
        Catalog logical = Catalog.reading();
        for (CatalogTable table : read.tables().values()) {
            CatalogTable made = logical.add(table.name());
            table.columns().forEach((name, column) -> made.columns().put(name, column(table, name, column)));
            made.keys().putAll(table.keys());
            made.foreignKeys().putAll(table.foreignKeys());
            made.triggers().addAll(table.triggers());
            made.options().addAll(table.options());
            made.options().remove("STRICT");
            table.indexes().forEach((name, index) -> made.indexes().put(name, index(made.columns(), index)));
            table.checks().forEach((name, condition) -> {
                // What SQLite needs such a check for is a type on PostgreSQL.
                if (!name.endsWith("_type") || !name.equals(typeCheckOf(table, name))) {
                    made.checks().put(name, booleans(made.columns(), condition));
                }
            });
        }
        return logical;
    }

    /** {@code <table>_<column>_type} for one of its columns, not a check of that name by chance. */
    private static String typeCheckOf(CatalogTable table, String check) {
        return table.columns().keySet().stream()
                .map(column -> table.name() + "_" + column + "_type")
                .filter(check::equals)
                .findFirst()
                .orElse("");
    }

    private static CatalogColumn column(CatalogTable table, String name, CatalogColumn column) {
        String check = table.checks().getOrDefault(table.name() + "_" + name + "_type", "");
        return new CatalogColumn(
                type(column, check.replace(name, "x")), column.nullable(), column.value(), Optional.empty());
    }

    private static String type(CatalogColumn column, String check) {
        String collation = column.collation().orElse("");
        return switch (column.type() + "; " + check + collation) {
            case "BLOB; length(x) = 16", "uuid; " -> "uuid";
            case "TEXT; length(x) = 27", "timestamp without time zone; " -> "timestamp";
            case "INTEGER; x IN (0, 1)", "boolean; " -> "boolean";
            case "INTEGER; x BETWEEN -2147483648 AND 2147483647", "integer; " -> "integer";
            case "INTEGER; ", "bigint; " -> "bigint";
            case "BLOB; ", "bytea; " -> "binary";
            case "TEXT; ", "text; C" -> "text";
            default -> throw new IllegalArgumentException("no logical type is " + column + " with check " + check);
        };
    }

    private static CatalogIndex index(SortedMap<String, CatalogColumn> columns, CatalogIndex index) {
        return new CatalogIndex(
                index.unique(),
                index.columns(),
                index.predicate().map(predicate -> booleans(columns, predicate)),
                index.options());
    }

    private static String booleans(SortedMap<String, CatalogColumn> columns, String condition) {
        String result = condition;
        for (var column : new TreeMap<>(columns).entrySet()) {
            if (column.getValue().type().equals("boolean")) {
                result = result.replace(column.getKey() + " = 1", column.getKey() + " = true")
                        .replace(column.getKey() + " = 0", column.getKey() + " = false");
            }
        }
        return result;
    }
}
