package io.cloacina.schema.migration;

import io.cloacina.schema.migration.Ddl.Constraint;
import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Alters one table from the previous version to a version, by the difference between its definitions at both. */
final class Alteration {
    private final Ddl ddl;
    private final Table table;
    private final int version;
    private final Map<String, Backfill> backfills;
    private final List<AnyColumn<?>> added;
    private final List<Constraint> dropped;
    private final List<Constraint> checksOfKeptColumns;
    private final List<String> newIndexes;

    Alteration(Ddl ddl, Table table, int version, Map<String, Backfill> backfills) {
        this.ddl = ddl;
        this.table = table;
        this.version = version;
        this.backfills = backfills;
        this.added = table.columns(version).stream()
                .filter(column -> column.sinceVersion() == version)
                .toList();
        List<Constraint> before = ddl.checks(table, version - 1);
        List<Constraint> after = ddl.checks(table, version);
        List<Constraint> withNewColumns = added.stream()
                .flatMap(column -> ddl.checks(column, version).stream())
                .toList();
        this.dropped = before.stream().filter(check -> !after.contains(check)).toList();
        this.checksOfKeptColumns = after.stream()
                .filter(check -> !before.contains(check) && !withNewColumns.contains(check))
                .toList();
        this.newIndexes = table.indexes().stream()
                .filter(index -> index.sinceVersion() == version && !index.isOptional())
                .map(index -> ddl.createIndex(table, index))
                .toList();
        requireChange();
        requireBackfills();
    }

    private void requireChange() {
        if (table.sinceVersion() >= version) {
            throw new InvalidSchemaException("version " + version + " alters table " + table
                    + ", which comes only with version " + table.sinceVersion());
        }
        if (added.isEmpty() && dropped.isEmpty() && checksOfKeptColumns.isEmpty() && newIndexes.isEmpty()) {
            throw new InvalidSchemaException(
                    "version " + version + " alters table " + table + ", but declares no change of it in this version");
        }
    }

    private void requireBackfills() {
        Set<String> left = new HashSet<>(backfills.keySet());
        for (AnyColumn<?> column : added) {
            if (!left.remove(column.name()) && !column.isNullable()) {
                throw new InvalidSchemaException("version " + version + " adds NOT NULL column " + column
                        + ": give the value for existing rows with a Backfill");
            }
        }
        if (!left.isEmpty()) {
            throw new InvalidSchemaException(
                    "backfills of columns of " + table + " that version " + version + " does not add: " + left);
        }
    }

    List<String> statements() {
        if (isRebuild()) {
            return rebuild();
        }
        Stream<String> changes = ddl.dialect().altersConstraints() ? alterInPlace() : addNullableColumns();
        return Stream.concat(changes, newIndexes.stream()).toList();
    }

    private boolean isRebuild() {
        boolean onlyNullableColumns = dropped.isEmpty()
                && checksOfKeptColumns.isEmpty()
                && added.stream().allMatch(AnyColumn::isNullable);
        return !ddl.dialect().altersConstraints() && !onlyNullableColumns;
    }

    /** On SQLite, constraints of a new column can only be written together with the column. */
    private Stream<String> addNullableColumns() {
        return added.stream().map(column -> {
            StringBuilder sql = new StringBuilder("ALTER TABLE " + table + " ADD COLUMN " + ddl.column(column));
            ddl.checks(column, version).forEach(check -> sql.append(' ').append(check.declaration()));
            ForeignKey<?> key = keyOf(column);
            if (key != null) {
                sql.append(" CONSTRAINT ").append(key.name()).append(' ').append(ddl.references(key));
            }
            return sql.toString();
        });
    }

    private Stream<String> alterInPlace() {
        String alter = "ALTER TABLE " + table;
        List<String> sql = new ArrayList<>();
        dropped.forEach(check -> sql.add(alter + " DROP CONSTRAINT " + check.name()));
        for (AnyColumn<?> column : added) {
            sql.add(alter + " ADD COLUMN " + ddl.typed(column));
            Backfill backfill = backfills.get(column.name());
            if (backfill != null) {
                sql.add("UPDATE " + table + " SET " + column.name() + " = " + backfill.sql(ddl.dialect()));
            }
            if (!column.isNullable()) {
                sql.add(alter + " ALTER COLUMN " + column.name() + " SET NOT NULL");
            }
            ForeignKey<?> key = keyOf(column);
            if (key != null) {
                sql.add(alter + " ADD CONSTRAINT " + key.name() + " FOREIGN KEY (" + column.name() + ") "
                        + ddl.references(key));
            }
            ddl.checks(column, version).forEach(check -> sql.add(alter + " ADD " + check.declaration()));
        }
        checksOfKeptColumns.forEach(check -> sql.add(alter + " ADD " + check.declaration()));
        return sql.stream();
    }

    private List<String> rebuild() {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (AnyColumn<?> column : table.columns(version)) {
            Backfill backfill = added.contains(column) ? backfills.get(column.name()) : null;
            if (added.contains(column) && backfill == null) {
                continue;
            }
            names.add(column.name());
            values.add(backfill == null ? column.name() : backfill.sql(ddl.dialect()));
        }
        String rebuilt = table + "_rebuilt";
        List<String> sql = new ArrayList<>();
        sql.add(ddl.createTable(table, version, rebuilt));
        sql.add("INSERT INTO " + rebuilt + " (" + String.join(", ", names) + ") SELECT " + String.join(", ", values)
                + " FROM " + table);
        sql.add("DROP TABLE " + table);
        sql.add("ALTER TABLE " + rebuilt + " RENAME TO " + table);
        sql.addAll(ddl.createIndexes(table, version));
        return sql;
    }

    private @Nullable ForeignKey<?> keyOf(AnyColumn<?> column) {
        return ddl.foreignKeys(table, version).stream()
                .filter(key -> key.column() == column)
                .findFirst()
                .orElse(null);
    }
}
