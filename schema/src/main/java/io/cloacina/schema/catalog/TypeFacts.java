package io.cloacina.schema.catalog;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contents of the reference for one logical type: its names in Java and on the backends (on SQLite with the check
 * that replaces a type), and a check on both.
 *
 * @param name such as {@code text(n)}
 * @param check the condition for a column x, or empty
 */
record TypeFacts(String name, String java, String postgres, String sqlite, String check) {
    static final String RULES =
            "The tables are the same on SQLite and PostgreSQL: both are generated from one definition, and a check"
                    + " replaces what a backend lacks. Ids are UUIDs of version 7, created by the application."
                    + " Instants are UTC with microseconds. No column has a default: the application writes every"
                    + " value.";

    /** The types that the schema uses, by name. */
    static Collection<TypeFacts> of(Schema schema) {
        SortedMap<String, TypeFacts> types = new TreeMap<>();
        schema.tables().stream()
                .flatMap(table -> table.columns().stream())
                .map(column -> of(column.type()))
                .forEach(type -> types.put(type.name, type));
        return List.copyOf(types.values());
    }

    private static TypeFacts of(DataType<?> type) {
        String check = "";
        String name = type.name();
        if (type.maxCodePoints().isPresent()) {
            String limit = String.valueOf(type.maxCodePoints().getAsInt());
            name += "(n)";
            check = type.sharedCheck("x").orElse("").replace(limit, "n");
        }
        boolean closed = !type.labels().isEmpty();
        return new TypeFacts(
                name,
                closed ? "an enum" : type.javaType().getSimpleName(),
                spelled(type, Backend.POSTGRES),
                spelled(type, Backend.SQLITE),
                closed ? "x IN (its labels)" : check);
    }

    private static String spelled(DataType<?> type, Backend backend) {
        return type.codec(backend).declaration()
                + type.codec(backend)
                        .typeCheck("x")
                        .map(condition -> ", " + condition)
                        .orElse("");
    }
}
