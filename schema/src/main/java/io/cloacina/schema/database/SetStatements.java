package io.cloacina.schema.database;

import io.cloacina.schema.database.StatementCache.Prepared;
import io.cloacina.schema.sql.ComposedSet;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs batches on PostgreSQL, as one statement each where that can be. Used by one thread at a time. */
final class SetStatements {
    private final Session session;
    private final StatementCache sets;

    SetStatements(Session session, Connection connection, Dialect dialect) {
        this.session = session;
        sets = new StatementCache(
                connection,
                dialect,
                composed -> Objects.requireNonNull(composed.set()).sql());
    }

    /** Runs a batch and counts the rows that each member changed. */
    <P> int[] batch(Statement<P, ?> statement, List<P> arguments) throws SQLException {
        Prepared<P, ?> single = session.prepared(statement);
        ComposedSet<P> set = setFor(single, arguments);
        if (set == null) {
            return each(single, arguments);
        }
        PreparedStatement ready = sets.get(statement, session.definitions()).statement();
        int[] counts = new int[arguments.size()];
        int from = 0;
        while (from < counts.length) {
            int to = set.bind(ready, arguments, from);
            if (set.ordinal() == 0) {
                requireAll(ready.executeUpdate(), to - from);
                Arrays.fill(counts, from, to, 1);
            } else {
                try (ResultSet changed = ready.executeQuery()) {
                    while (changed.next()) {
                        counts[from + changed.getInt(set.ordinal()) - 1]++;
                    }
                }
            }
            ready.clearParameters(); // the driver keeps them otherwise
            from = to;
        }
        return counts;
    }

    /** A trigger or a rule of the table may have left rows out; which ones is not known. */
    private static void requireAll(int inserted, int members) {
        if (inserted != members) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "of a batch of " + members + " rows " + inserted
                            + " were inserted: a trigger or a rule of the table left"
                            + " some out; insert them one by one",
                    null);
        }
    }

    /** Runs a batch of a change that reads what it changed, at most one row for each member. */
    <P, R> List<Optional<R>> telling(Statement<P, R> statement, List<P> arguments) throws SQLException {
        ComposedSet<P> set = setFor(session.prepared(statement), arguments);
        if (set == null) {
            return session.oneByOne(statement, arguments);
        }
        Prepared<P, R> ready = sets.get(statement, session.definitions());
        List<Optional<R>> told = new ArrayList<>(Collections.nCopies(arguments.size(), Optional.empty()));
        int from = 0;
        while (from < told.size()) {
            int to = set.bind(ready.statement(), arguments, from);
            try (ResultSet changed = ready.statement().executeQuery()) {
                while (changed.next()) {
                    int member = from + changed.getInt(set.ordinal()) - 1;
                    R read = ready.composed().readCurrent(changed, ready.row());
                    if (told.set(member, Optional.of(read)).isPresent()) {
                        throw Session.moreThanOneRow(statement);
                    }
                }
            }
            ready.statement().clearParameters(); // as above
            from = to;
        }
        return told;
    }

    /**
     * A single one is not worth a statement of its own. And rows are locked in the order of the arguments only if the server
     * looks for them by their keys.
     */
    private <P> @Nullable ComposedSet<P> setFor(Prepared<P, ?> single, List<P> arguments) {
        ComposedSet<P> set = arguments.size() < 2 ? null : single.composed().set();
        if (set == null || (set.ordinal() > 0 && !session.hasShortStatements())) {
            return null;
        }
        return set.meansRowsOfTheirOwn(arguments) ? set : null;
    }

    private static <P> int[] each(Prepared<P, ?> single, List<P> arguments) throws SQLException {
        PreparedStatement statement = single.statement();
        int[] counts = new int[arguments.size()];
        if (single.composed().mayInsertNothing()) {
            // The driver joins batched inserts into one statement and then cannot say which of them did something.
            for (int member = 0; member < counts.length; member++) {
                single.composed().bind(statement, arguments.get(member));
                counts[member] = statement.executeUpdate();
            }
            return counts;
        }
        try {
            for (P argument : arguments) {
                single.composed().bind(statement, argument);
                statement.addBatch();
            }
            int[] told = statement.executeBatch();
            for (int member = 0; member < counts.length; member++) {
                // Joined inserts, each of which inserted its row.
                counts[member] = told[member] == java.sql.Statement.SUCCESS_NO_INFO ? 1 : told[member];
            }
            return counts;
        } finally {
            statement.clearBatch();
        }
    }

    void close() throws SQLException {
        sets.close();
    }
}
