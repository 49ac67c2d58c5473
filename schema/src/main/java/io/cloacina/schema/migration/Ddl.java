package io.cloacina.schema.migration;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Check;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.Index;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Renders tables of the definition as DDL for one dialect. Every constraint has a name, the same on both backends. */
public final class Ddl {
    /** A version that includes everything that is declared. */
    public static final int LATEST = Integer.MAX_VALUE;

    private static final String CREATE_TABLE = "CREATE TABLE ";

    private final Dialect dialect;

    /** Renders for this dialect. */
    public Ddl(Dialect dialect) {
        this.dialect = ArgumentChecks.given("the dialect", dialect);
    }

    /** A named constraint and its text after the name. */
    record Constraint(String name, String text) {
        String declaration() {
            return "CONSTRAINT " + name + " " + text;
        }
    }

    /** The statements that create all tables of the schema in an empty database. */
    public List<String> create(Schema schema) {
        return ArgumentChecks.given("the schema", schema).tables().stream()
                .flatMap(table -> create(table, LATEST).stream())
                .toList();
    }

    /** The statements that create one table with its indexes, as of a version. */
    List<String> create(Table table, int version) {
        List<String> statements = new ArrayList<>();
        statements.add(createTable(table, version, table.tableName()));
        statements.addAll(createIndexes(table, version));
        return statements;
    }

    /** The statements that create the optional indexes of all tables. */
    public List<String> createOptional(Schema schema) {
        return ArgumentChecks.given("the schema", schema).tables().stream()
                .flatMap(table ->
                        table.indexes().stream().filter(Index::isOptional).map(index -> createIndex(table, index)))
                .toList();
    }

    /** Whether a rendered statement creates a table of that name. */
    static boolean makes(String sql, String table) {
        return sql.startsWith(CREATE_TABLE + table + " (");
    }

    String createTable(Table table, int version, String name) {
        List<String> lines = new ArrayList<>();
        for (AnyColumn<?> column : table.columns(version)) {
            lines.add(column(column));
        }
        lines.add("CONSTRAINT " + table.tableName() + "_pkey PRIMARY KEY ("
                + table.primaryKey().name() + ")");
        for (ForeignKey<?> key : foreignKeys(table, version)) {
            lines.add(
                    "CONSTRAINT " + key.name() + " FOREIGN KEY (" + key.column().name() + ") " + references(key));
        }
        checks(table, version).forEach(check -> lines.add(check.declaration()));
        return lines.stream()
                .collect(Collectors.joining(
                        ",\n    ", CREATE_TABLE + name + " (\n    ", "\n)" + dialect.tableOptions()));
    }

    List<String> createIndexes(Table table, int version) {
        return table.indexes().stream()
                .filter(index -> index.sinceVersion() <= version && !index.isOptional())
                .map(index -> createIndex(table, index))
                .toList();
    }

    String createIndex(Table table, Index index) {
        String columns = index.parts().stream()
                .map(part -> part.column().name() + (part.isDescending() ? " DESC" : ""))
                .collect(Collectors.joining(", "));
        return "CREATE " + (index.isUnique() ? "UNIQUE " : "") + "INDEX " + index.name() + " ON " + table.tableName()
                + " (" + columns + ")"
                + index.predicate().map(where -> " WHERE " + where.ddl(dialect)).orElse("");
    }

    /** {@code name type NOT NULL}. */
    String column(AnyColumn<?> column) {
        return typed(column) + (column.isNullable() ? "" : " NOT NULL");
    }

    /** {@code name type}. */
    String typed(AnyColumn<?> column) {
        return column.name() + " " + column.type().codec(dialect.backend()).declaration();
    }

    String references(ForeignKey<?> key) {
        String parent = key.parentDefinition().tableName();
        String action = key.onDelete() == OnDelete.NO_ACTION
                ? ""
                : " ON DELETE " + key.onDelete().sql();
        return "REFERENCES " + parent + " (" + key.keyDefinition().name() + ")" + action;
    }

    List<ForeignKey<?>> foreignKeys(Table table, int version) {
        return table.foreignKeys().stream()
                .filter(key -> key.column().sinceVersion() <= version)
                .toList();
    }

    /** All checks of a table: those of its columns' types and values, then those declared on the table. */
    List<Constraint> checks(Table table, int version) {
        List<Constraint> checks = new ArrayList<>();
        for (AnyColumn<?> column : table.columns(version)) {
            checks.addAll(checks(column, version));
        }
        table.checks().stream()
                .filter(check -> check.isIn(version))
                .map(this::constraint)
                .forEach(checks::add);
        return checks;
    }

    List<Constraint> checks(AnyColumn<?> column, int version) {
        List<Constraint> checks = new ArrayList<>();
        column.type()
                .codec(dialect.backend())
                .typeCheck(column.name())
                .ifPresent(text -> checks.add(new Constraint(column.typeCheckName(), "CHECK (" + text + ")")));
        column.valueCheck(version)
                .ifPresent(text -> checks.add(new Constraint(column.valueCheckName(), "CHECK (" + text + ")")));
        return checks;
    }

    Dialect dialect() {
        return dialect;
    }

    private Constraint constraint(Check check) {
        return new Constraint(check.name(), "CHECK (" + check.condition().ddl(dialect) + ")");
    }
}
