package io.cloacina.schema.migration;

import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Check;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.Index;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the steps of all versions together: what a step needs exists before it, as PostgreSQL requires and SQLite does
 * not, and every addition that a table declares has its step. A step in SQL counts for every table that it names.
 */
final class MigrationRules {
    private final List<Migration> all;
    private final List<List<Step>> steps;
    private final Map<String, Table> tables = new HashMap<>();
    private final Set<String> altered = new HashSet<>();

    /** @throws InvalidSchemaException naming the version, the table and what to do */
    MigrationRules(List<Migration> all) {
        this.all = all;
        this.steps = all.stream().map(Migration::steps).toList();
        for (Migration migration : all) {
            for (Step step : steps.get(migration.version() - 1)) {
                Table table = step.table();
                if (table != null) {
                    tables.put(table.tableName(), table);
                    altered.add(migration.version() + " " + table);
                }
            }
        }
        List<Step> before = new ArrayList<>();
        for (Migration migration : all) {
            for (Step step : steps.get(migration.version() - 1)) {
                Table table = step.table();
                if (table != null) {
                    requireParents(migration, table, before);
                }
                before.add(step);
            }
        }
        tables.values().forEach(this::requireSteps);
    }

    /** Whether a step creates a table of that name, or names it in SQL. */
    boolean creates(String table) {
        return tables.containsKey(table) || steps.stream().flatMap(List::stream).anyMatch(step -> step.names(table));
    }

    /**
     * Requires the tables to which the references refer that a step creates or adds. One that no step creates may be
     * that of another tool; whether it exists is known only in a database.
     */
    private void requireParents(Migration migration, Table table, List<Step> before) {
        for (ForeignKey<?> key : table.foreignKeys()) {
            String parent = key.parentDefinition().tableName();
            if (Math.max(key.column().sinceVersion(), table.sinceVersion()) == migration.version()
                    && !parent.equals(table.tableName())
                    && tables.containsKey(parent)
                    && before.stream().noneMatch(step -> step.isOf(parent))) {
                throw new InvalidSchemaException(title(migration) + ": " + key.column() + " refers to table " + parent
                        + ", which no step before it creates: place Step.create("
                        + key.parentDefinition().getClass().getSimpleName() + "::new) before it");
            }
        }
    }

    private void requireSteps(Table table) {
        int newest = all.size();
        for (int version = table.sinceVersion() + 1; version <= newest; version++) {
            String change = change(table, version - 1, version);
            if (change != null
                    && !altered.contains(version + " " + table)
                    && steps.get(version - 1).stream().noneMatch(step -> step.names(table.tableName()))) {
                throw new InvalidSchemaException(title(all.get(version - 1)) + " does not alter table " + table
                        + ", which declares a change for it (" + change + "): add Step.alter("
                        + table.getClass().getSimpleName() + "::new) to that version");
            }
        }
        String later = change(table, Math.max(newest, table.sinceVersion()), Ddl.LATEST);
        if (later != null) {
            throw new InvalidSchemaException(
                    "table " + table + " declares a change for a version after " + newest + " ("
                            + later + "), but the migrations end with version " + newest
                            + ": add Migration.version(" + (newest + 1) + ", \"what changes\", Step.alter("
                            + table.getClass().getSimpleName() + "::new))");
        }
    }

    private static boolean isLater(Index index, int before, int after) {
        return !index.isOptional() && index.sinceVersion() > before && index.sinceVersion() <= after;
    }

    /** What a table declares to change after a version, up to another one: the first part of it; null if nothing. */
    private static @Nullable String change(Table table, int before, int after) {
        for (AnyColumn<?> column : table.columns(after)) {
            if (column.sinceVersion() > before) {
                return "column " + column.name();
            }
            if (!column.valueCheck(before).equals(column.valueCheck(after))) {
                return "the values of column " + column.name();
            }
        }
        for (Check check : table.checks()) {
            if (check.isIn(before) != check.isIn(after)) {
                return "check " + check.name();
            }
        }
        return table.indexes().stream()
                .filter(index -> isLater(index, before, after))
                .findFirst()
                .map(index -> "index " + index.name())
                .orElse(null);
    }

    private static String title(Migration migration) {
        return "version " + migration.version() + " ('" + migration.name() + "')";
    }
}
