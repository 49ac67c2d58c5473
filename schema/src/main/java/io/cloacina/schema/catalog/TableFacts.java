package io.cloacina.schema.catalog;

import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Check;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.Index;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import java.util.ArrayList;
import java.util.List;

/** The contents of the reference for one table, without a layout. */
record TableFacts(String name, String description, List<ColumnFacts> columns, List<Fact> facts) {
    /** One column; {@code note} says what its name does not, or is empty. */
    record ColumnFacts(String name, String type, String nullable, String postgres, String sqlite, String note) {}

    /**
     * Another fact about the table.
     *
     * @param kind such as {@code index}
     * @param name the name of the constraint or index
     * @param text its definition without the name
     * @param why its purpose, or empty
     */
    record Fact(String kind, String name, String text, String why) {}

    static List<TableFacts> of(Schema schema) {
        return schema.tables().stream().map(table -> of(schema, table)).toList();
    }

    private static TableFacts of(Schema schema, Table table) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "primary key",
                table.tableName() + "_pkey",
                "(" + table.primaryKey().name() + ")",
                ""));
        table.indexes().forEach(index -> facts.add(index(index)));
        table.foreignKeys().forEach(key -> facts.add(new Fact("relation", key.name(), relation(key), "")));
        schema.referrers(table.tableName())
                .forEach(key -> facts.add(new Fact("referred by", key.name(), key.column() + action(key), "")));
        for (AnyColumn<?> column : table.columns()) {
            List<String> labels = column.type().labels();
            if (!labels.isEmpty()) {
                String text = column.name() + ": " + String.join(", ", labels);
                facts.add(new Fact("closed set", column.valueCheckName(), text, ""));
            }
        }
        table.checks().stream()
                .filter(check -> check.isIn(Integer.MAX_VALUE))
                .forEach(check -> facts.add(check(check)));
        List<ColumnFacts> columns =
                table.columns().stream().map(TableFacts::column).toList();
        return new TableFacts(table.tableName(), table.description(), columns, facts);
    }

    private static ColumnFacts column(AnyColumn<?> column) {
        DataType<?> type = column.type();
        return new ColumnFacts(
                column.name(),
                type.toString(),
                column.isNullable() ? "yes" : "no",
                type.codec(Backend.POSTGRES).declaration(),
                type.codec(Backend.SQLITE).declaration(),
                column.description());
    }

    private static Fact index(Index index) {
        List<String> parts = index.parts().stream()
                .map(part -> part.column().name() + (part.isDescending() ? " DESC" : ""))
                .toList();
        String where = index.predicate()
                .map(condition -> " WHERE " + condition(condition))
                .orElse("");
        return new Fact(
                index.isUnique() ? "unique" : index.isOptional() ? "optional index" : "index",
                index.name(),
                CatalogIndex.list(parts) + where,
                index.description());
    }

    private static Fact check(Check check) {
        return new Fact("check", check.name(), condition(check.condition()), "");
    }

    private static String relation(ForeignKey<?> key) {
        return key.column().name() + " -> " + key.keyDefinition() + action(key);
    }

    private static String action(ForeignKey<?> key) {
        return ", on delete " + key.onDelete().sql();
    }

    /** Writes both conditions if they differ, which only a boolean literal makes them do. */
    private static String condition(Condition condition) {
        String postgres = NormalForm.ofPostgres(condition.ddl(Dialect.of(Backend.POSTGRES)));
        String sqlite = NormalForm.ofPostgres(condition.ddl(Dialect.of(Backend.SQLITE)));
        return postgres.equals(sqlite) ? postgres : postgres + " (SQLite: " + sqlite + ")";
    }
}
