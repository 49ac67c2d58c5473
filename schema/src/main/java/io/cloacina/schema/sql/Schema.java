package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** All tables of one database, validated together. Immutable. */
public final class Schema {
    private final List<Function<Source, ? extends Table>> constructors;
    private final List<Schema> parts;
    private final Map<String, Table> tables = new LinkedHashMap<>();

    private Schema(List<Function<Source, ? extends Table>> constructors, List<Schema> parts) {
        this.constructors = constructors;
        this.parts = parts;
        constructors.stream().map(Schema::define).forEach(this::add);
        SchemaRules.require(tables);
    }

    /**
     * Creates the schema of these tables, each before the tables that refer to it.
     *
     * @throws InvalidSchemaException if the schema is not valid, with the table and what is wrong with it
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static Schema of(Function<Source, ? extends Table>... tables) {
        return new Schema(ArgumentChecks.all("the tables", tables), List.of());
    }

    /**
     * Combines the tables of this schema and of another one, for a database that contains both. Foreign keys cannot
     * cross the two.
     *
     * @throws InvalidSchemaException if both have a table, or an index, of the same name
     */
    public Schema and(Schema other) {
        ArgumentChecks.given("the other schema", other);
        List<Function<Source, ? extends Table>> both = new ArrayList<>(constructors);
        both.addAll(other.constructors);
        return new Schema(
                List.copyOf(both),
                Stream.concat(parts().stream(), other.parts().stream()).toList());
    }

    /** The schemas that were combined with {@link #and}, each with migrations of its own; otherwise this one. */
    public List<Schema> parts() {
        return parts.isEmpty() ? List.of(this) : parts;
    }

    /** A table as defined, for rendering it; statements refuse its columns. */
    public static <T extends Table> T define(Function<Source, T> table) {
        return ArgumentChecks.given("the table", table).apply(Source.DEFINITION);
    }

    /** The tables, each before the tables that refer to it. */
    public List<Table> tables() {
        return List.copyOf(tables.values());
    }

    /** The constructors of the tables, for statements over arbitrary tables; in the order of {@link #tables}. */
    public List<Function<Source, ? extends Table>> constructors() {
        return constructors;
    }

    /** The table of that name; empty if there is none. */
    public Optional<Table> table(String name) {
        return Optional.ofNullable(tables.get(ArgumentChecks.given("the name of the table", name)));
    }

    /** The unique key of a table on exactly these columns; empty if there is none. */
    public Optional<Index> uniqueKey(String table, List<String> columns) {
        List<String> names = ArgumentChecks.all("the columns", columns);
        return table(table).stream()
                .flatMap(found -> found.indexes().stream())
                .filter(index -> index.isUnique() && index.columnNames().equals(names))
                .findFirst();
    }

    /** The foreign keys of all tables that refer to the named one. */
    public List<ForeignKey<?>> referrers(String table) {
        ArgumentChecks.given("the name of the table", table);
        return tables.values().stream()
                .flatMap(other -> other.foreignKeys().stream())
                .filter(key -> key.parentDefinition().tableName().equals(table))
                .toList();
    }

    private void add(Table table) {
        if (tables.put(table.tableName(), table) != null) {
            throw new InvalidSchemaException("table " + table + " is declared twice");
        }
        for (ForeignKey<?> key : table.foreignKeys()) {
            String parent = key.parentDefinition().tableName();
            if (!tables.containsKey(parent)) {
                throw new InvalidSchemaException(
                        "table " + table + " refers to " + parent + ", which must be declared before it");
            }
        }
    }
}
