package io.cloacina.schema.copy;

import io.cloacina.schema.copy.CopyProgress.Step;
import io.cloacina.schema.copy.SelfReference.Ahead;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Copies one table, from the row that was reached to the end, one page in each transaction of the target. */
final class TableCopy {
    private final TableStatements table;
    private final ReadTransaction source;
    private final Database target;
    private final Predicate<WriteTransaction> mark;

    /** @param mark called in each transaction to hold the mark of this copy; false if the mark is gone */
    TableCopy(TableStatements table, ReadTransaction source, Database target, Predicate<WriteTransaction> mark) {
        this.table = table;
        this.source = source;
        this.target = target;
        this.mark = mark;
    }

    void run(CopyProgress progress) {
        String name = table.table().tableName();
        long of = table.count(source);
        long rows = target.read(table::count);
        progress.reached(Step.COPYING, name, rows, of);
        for (int copied = nextPage(); copied > 0; copied = nextPage()) {
            rows += copied;
            progress.reached(Step.COPYING, name, rows, of);
        }
        table.selfReferences().forEach(this::referAhead);
    }

    /** The position is read in the transaction that copies the page, so a second process with the same copy does no harm. */
    private int nextPage() {
        return target.write(transaction -> {
            hold(transaction);
            Span page = table.page(source, table.greatestKey(transaction));
            if (page == null) {
                return 0;
            }
            List<StoredRow> rows = table.rows(source, page);
            transaction.batch(table.insert(), rows);
            return rows.size();
        });
    }

    /** Setting a reference again does no harm either, so which ones are set is not recorded. */
    private void referAhead(SelfReference reference) {
        @Nullable Object after = null;
        for (List<Ahead> page = reference.ahead(source, after);
                !page.isEmpty();
                page = reference.ahead(source, after)) {
            List<Ahead> rows = page;
            target.write(transaction -> {
                hold(transaction);
                return transaction.batch(reference.set(), rows);
            });
            after = page.get(page.size() - 1).key();
        }
    }

    private void hold(WriteTransaction transaction) {
        if (!mark.test(transaction)) {
            throw new DatabaseException(
                    ErrorKind.COPY,
                    target
                            + " is no longer being filled: another process has finished the same copy, or the database was"
                            + " emptied meanwhile. Look at it with 'cloacina schema check'.",
                    null);
        }
    }
}
