package io.cloacina.schema.catalog;

import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.migration.UnfinishedCopy;
import io.cloacina.schema.sql.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Finds the differences between the versions that a database has recorded and those of this build. */
final class HistoryComparison {
    private HistoryComparison() {}

    static List<Difference> of(List<Applied> history, Migrations migrations, Dialect dialect) {
        String table = migrations.historyTable();
        TreeMap<Integer, Applied> applied = new TreeMap<>();
        history.forEach(version -> applied.put(version.version(), version));
        List<Difference> differences = new ArrayList<>();
        for (Migration known : migrations.all()) {
            Applied found = applied.remove(known.version());
            if (found == null) {
                differences.add(version(table, known.version(), known.name(), "is not applied"));
            } else if (!found.checksum().equals(known.checksum(dialect))) {
                differences.add(version(
                        table,
                        known.version(),
                        found.name(),
                        "was applied on " + found.at() + " with SQL that differs from the SQL of this build"));
            }
        }
        UnfinishedCopy.in(history).ifPresent(copy -> {
            applied.remove(UnfinishedCopy.VERSION);
            differences.add(new Difference(table, copy.says()));
        });
        int newest = migrations.all().size();
        applied.forEach((number, found) -> differences.add(
                version(table, number, found.name(), "is applied, but this build knows versions up to " + newest)));
        return differences;
    }

    private static Difference version(String table, int number, String name, String what) {
        return new Difference(table, "schema version " + number + " ('" + name + "') " + what);
    }
}
