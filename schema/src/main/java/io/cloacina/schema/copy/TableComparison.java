package io.cloacina.schema.copy;

import io.cloacina.schema.copy.CopyProgress.Step;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.sql.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one table on both sides in the order of its key, and finds the first difference. */
final class TableComparison {
    private final TableStatements table;
    private final ReadTransaction source;
    private final ReadTransaction target;
    private final RowDigest sourceDigest = new RowDigest();
    private final RowDigest targetDigest = new RowDigest();
    private @Nullable String difference;

    TableComparison(TableStatements table, ReadTransaction source, ReadTransaction target) {
        this.table = table;
        this.source = source;
        this.target = target;
    }

    CopiedTable run(CopyProgress progress) {
        String name = table.table().tableName();
        long of = table.count(source);
        @Nullable Object after = null;
        for (Span span = table.page(source, after); span != null; span = table.page(source, after)) {
            compare(table.rows(source, span), table.rows(target, span));
            after = span.last();
            progress.reached(Step.COMPARING, name, sourceDigest.rows(), of);
        }
        for (Span span = table.page(target, after); span != null; span = table.page(target, after)) {
            compare(List.of(), table.rows(target, span));
            after = span.last();
        }
        return new CopiedTable(
                name, sourceDigest.rows(), targetDigest.rows(), sourceDigest.hex(), targetDigest.hex(), difference);
    }

    private void compare(List<StoredRow> ofSource, List<StoredRow> ofTarget) {
        ofSource.forEach(sourceDigest::add);
        ofTarget.forEach(targetDigest::add);
        if (difference == null) {
            difference = firstDifference(ofSource, ofTarget);
        }
    }

    private @Nullable String firstDifference(List<StoredRow> ofSource, List<StoredRow> ofTarget) {
        int both = Math.min(ofSource.size(), ofTarget.size());
        for (int i = 0; i < both; i++) {
            String found = difference(ofSource.get(i), ofTarget.get(i));
            if (found != null) {
                return found;
            }
        }
        if (ofSource.size() > both) {
            return missing(ofSource.get(both));
        }
        return ofTarget.size() > both ? surplus(ofTarget.get(both)) : null;
    }

    private @Nullable String difference(StoredRow ofSource, StoredRow ofTarget) {
        int order = KeyOrder.INSTANCE.compare(ofSource.key(), ofTarget.key());
        if (order != 0) {
            return order < 0 ? missing(ofSource) : surplus(ofTarget);
        }
        int column = ofSource.firstDifference(ofTarget);
        return column < 0
                ? null
                : key(ofSource) + " differs in column "
                        + table.table().columns().get(column).name();
    }

    private String missing(StoredRow row) {
        return key(row) + " is only in the source";
    }

    private String surplus(StoredRow row) {
        return key(row) + " is only in the target";
    }

    private String key(StoredRow row) {
        Table of = table.table();
        return "the row with " + of.primaryKey().name() + " " + row.key();
    }
}
