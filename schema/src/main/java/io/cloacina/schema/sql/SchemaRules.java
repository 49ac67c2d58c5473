package io.cloacina.schema.sql;

import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Checks the rules for all tables together, in every version, so that both backends accept the definition with the same
 * meaning.
 */
final class SchemaRules {
    private SchemaRules() {}

    /** @throws InvalidSchemaException naming the table and the violated rule */
    static void require(Map<String, Table> tables) {
        Set<String> relations = new HashSet<>();
        for (Table table : tables.values()) {
            requirePrimaryKey(table);
            for (ForeignKey<?> key : table.foreignKeys()) {
                requireReference(table, key, tables);
            }
            table.columns().forEach(column -> requireLater(column + "", column.sinceVersion(), table));
            table.indexes().forEach(index -> requireIndex(table, index));
            table.checks().forEach(check -> requireCheck(table, check));
            for (int version : versions(table)) {
                requireUnique(
                        new HashSet<>(),
                        constraints(table, version),
                        "constraints of table " + table,
                        "give a check(...) a name that neither another check nor an enum or a limited text among its"
                                + " columns has");
            }
            // PostgreSQL keeps tables and indexes in one name space.
            requireUnique(
                    relations,
                    relations(table),
                    "tables or indexes",
                    "give one of the tables another name, or one of the indexes another purpose, index(PURPOSE, ...)");
        }
    }

    private static void requirePrimaryKey(Table table) {
        if (table.primaryKey().sinceVersion() > table.sinceVersion()) {
            throw new InvalidSchemaException("the primary key of " + table + " must be as old as the table");
        }
    }

    private static void requireReference(Table table, ForeignKey<?> key, Map<String, Table> tables) {
        Column<?> target = key.keyDefinition();
        Table parent = Objects.requireNonNull(tables.get(target.table().tableName()));
        if (!target.name().equals(parent.primaryKey().name())) {
            throw new InvalidSchemaException(key.name() + " must refer to a primary key, not to " + target);
        }
        if (key.onDelete() == OnDelete.SET_NULL && !key.column().isNullable()) {
            throw new InvalidSchemaException(key.name() + " sets a NOT NULL column to NULL");
        }
        int since = Math.max(key.column().sinceVersion(), table.sinceVersion());
        requireAsOld(key.name(), since, parent + "", parent.sinceVersion());
    }

    private static void requireIndex(Table table, Index index) {
        requireLater("index " + index.name(), index.sinceVersion(), table);
        List<AnyColumn<?>> columns = new ArrayList<>();
        index.parts().forEach(part -> columns.add(part.column()));
        index.predicate().map(Condition::columns).ifPresent(columns::addAll);
        requireColumns(table, "index " + index.name(), index.sinceVersion(), columns);
    }

    private static void requireCheck(Table table, Check check) {
        requireLater("check " + check.name(), check.sinceVersion(), table);
        if (!check.isIn(Math.max(check.sinceVersion(), table.sinceVersion()))) {
            throw new InvalidSchemaException("check " + check.name() + " is removed before it is added");
        }
        requireColumns(
                table,
                "check " + check.name(),
                check.sinceVersion(),
                check.condition().columns());
    }

    private static void requireColumns(Table table, String of, int since, List<AnyColumn<?>> columns) {
        for (AnyColumn<?> column : columns) {
            if (column.table() != table) {
                throw new InvalidSchemaException(of + " names " + column + ", which is not a column of " + table);
            }
            requireAsOld(of, since, column + "", column.sinceVersion());
        }
    }

    private static void requireAsOld(String user, int userSince, String used, int usedSince) {
        if (usedSince > userSince) {
            throw new InvalidSchemaException(
                    user + " is of version " + userSince + ", but " + used + " comes only in version " + usedSince);
        }
    }

    /** Refuses a version for a part that is created together with its table. */
    private static void requireLater(String part, int since, Table table) {
        if (since > 1 && since <= table.sinceVersion()) {
            throw new InvalidSchemaException(
                    part + " is declared for version " + since + ", but its table for version " + table.sinceVersion());
        }
    }

    private static Set<Integer> versions(Table table) {
        Set<Integer> versions = new TreeSet<>(Set.of(1));
        table.columns().forEach(column -> versions.add(column.sinceVersion()));
        table.checks().forEach(check -> versions.add(check.sinceVersion()));
        return versions;
    }

    private static Stream<String> relations(Table table) {
        return Stream.concat(
                Stream.of(table.tableName(), table.tableName() + "_pkey"),
                table.indexes().stream().map(Index::name));
    }

    private static Stream<String> constraints(Table table, int version) {
        List<String> names = new ArrayList<>();
        for (AnyColumn<?> column : table.columns(version)) {
            if (column.type().codec(Backend.SQLITE).typeCheck(column.name()).isPresent()) {
                names.add(column.typeCheckName());
            }
            if (column.valueCheck(version).isPresent()) {
                names.add(column.valueCheckName());
            }
        }
        table.foreignKeys().stream()
                .filter(key -> key.column().sinceVersion() <= version)
                .forEach(key -> names.add(key.name()));
        table.checks().stream().filter(check -> check.isIn(version)).forEach(check -> names.add(check.name()));
        return names.stream();
    }

    private static void requireUnique(Set<String> seen, Stream<String> names, String what, String todo) {
        names.forEach(name -> {
            Table.requireIdentifier(name);
            if (!seen.add(name)) {
                throw new InvalidSchemaException("two " + what + " are named " + name + ": " + todo);
            }
        });
    }
}
