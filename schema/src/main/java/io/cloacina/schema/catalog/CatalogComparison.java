package io.cloacina.schema.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the differences between a table of a database and its definition, both read from the same engine. */
final class CatalogComparison {
    private final List<Difference> differences = new ArrayList<>();
    private final CatalogTable actual;
    private final CatalogTable defined;
    private final Set<String> optional;
    private final String table;

    private CatalogComparison(CatalogTable actual, CatalogTable defined, Set<String> optional) {
        this.actual = actual;
        this.defined = defined;
        this.optional = optional;
        this.table = defined.name();
    }

    /**
     * The differences, by table; tables that only the database has are ignored.
     *
     * @param optional the names of indexes that may be missing
     */
    static List<Difference> of(Catalog database, Catalog definition, Set<String> optional) {
        List<Difference> all = new ArrayList<>();
        definition
                .tables()
                .forEach((name, defined) -> database.table(name)
                        .ifPresentOrElse(
                                actual -> all.addAll(new CatalogComparison(actual, defined, optional).compare()),
                                () -> all.add(new Difference(name, "table " + name + " is missing"))));
        return all;
    }

    private List<Difference> compare() {
        options();
        matched("column", actual.columns(), defined.columns(), this::columns);
        matched("constraint", actual.keys(), defined.keys(), this::texts);
        matched("foreign key", actual.foreignKeys(), defined.foreignKeys(), this::texts);
        matched("index", actual.indexes(), defined.indexes(), this::texts);
        matched("check", actual.checks(), defined.checks(), this::conditions);
        onlyIn(actual.triggers(), defined.triggers())
                .forEach(trigger -> found(trigger + " of table " + table + " is not in the definition"));
        return differences;
    }

    private void options() {
        onlyIn(defined.options(), actual.options()).forEach(option -> found("table " + table + " is not " + option));
        onlyIn(actual.options(), defined.options())
                .forEach(option -> found("table " + table + ": " + option + " in the database, not in the definition"));
    }

    /** Compares two things with the same name. */
    private interface Pair<T> {
        void compare(String name, T inDatabase, T inDefinition);
    }

    /** Reports what only one side has, and compares what both have. */
    private <T> void matched(String kind, Map<String, T> inDatabase, Map<String, T> inDefinition, Pair<T> pair) {
        inDefinition.forEach((name, value) -> {
            T other = inDatabase.get(name);
            if (other == null && !optional.contains(name)) {
                found(kind + " " + where(kind, name) + " is missing");
            } else if (other != null) {
                pair.compare(name, other, value);
            }
        });
        inDatabase.forEach((name, value) -> {
            if (!inDefinition.containsKey(name)) {
                found(kind + " " + where(kind, name) + " is not in the definition: " + value);
            }
        });
    }

    private String where(String kind, String name) {
        return kind.equals("column") ? table + "." + name : name + " of table " + table;
    }

    private void columns(String name, CatalogColumn inDatabase, CatalogColumn inDefinition) {
        String where = table + "." + name;
        texts(where, inDatabase.type(), inDefinition.type());
        texts(where, inDatabase.nullability(), inDefinition.nullability());
        texts(where, inDatabase.valueText(), inDefinition.valueText());
        texts(where, inDatabase.collationText(), inDefinition.collationText());
    }

    private void conditions(String name, String inDatabase, String inDefinition) {
        if (!inDatabase.equals(inDefinition)) {
            found(name + ": the database allows " + inDatabase + ", the definition " + inDefinition);
        }
    }

    private void texts(String where, Object inDatabase, Object inDefinition) {
        if (!inDatabase.equals(inDefinition)) {
            found(where + ": " + inDatabase + " in the database, " + inDefinition + " in the definition");
        }
    }

    private void found(String text) {
        differences.add(new Difference(table, text));
    }

    private static List<String> onlyIn(Set<String> some, Set<String> others) {
        return some.stream().filter(one -> !others.contains(one)).toList();
    }
}
