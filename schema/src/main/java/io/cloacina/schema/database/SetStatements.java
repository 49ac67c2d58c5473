package io.cloacina.schema.database;

import io.cloacina.schema.database.StatementCache.Prepared;
import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.ComposedSet;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.PayloadForm;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Runs batches on PostgreSQL, each as one statement where that is possible. */
final class SetStatements {
    private SetStatements() {}

    /** Runs a batch and counts the rows that each member changed. */
    static <P> int[] batch(Session session, Statement<P, ?> statement, List<P> arguments) throws SQLException {
        ComposedSet<P> set = setFor(session, statement, arguments);
        if (set == null) {
            session.flush(true);
            return each(session.prepared(statement), arguments, session.form());
        }
        Prepared<P, ?> ready = session.preparedSet(statement);
        int[] counts = new int[arguments.size()];
        int from = 0;
        while (from < counts.length) {
            ComposedSet.Chunk chunk = set.chunk(arguments, from, session.form());
            if (set.ordinal() == 0) {
                requireAll(Pipeline.change(session, ready, chunk), chunk.to() - from);
                Arrays.fill(counts, from, chunk.to(), 1);
            } else {
                try (ResultSet changed = Pipeline.query(session, ready, chunk)) {
                    while (changed.next()) {
                        counts[from + changed.getInt(set.ordinal()) - 1]++;
                    }
                }
            }
            from = chunk.to();
        }
        return counts;
    }

    /**
     * Defers a batch; false if it cannot be sent as one statement.
     *
     * @param isEachExpected whether each argument must change a row
     */
    static <P> boolean defer(
            Session session, Statement<P, ?> statement, List<P> arguments, boolean isEachExpected, Pipeline pipeline) {
        Composed<P, ?> composed = statement.composed(session.dialect());
        session.require(statement);
        String name = statement.name();
        if (arguments.size() == 1) {
            IntConsumer one = changed -> requireEach(name, Math.min(changed, 1), 1);
            if (mayBeSeveral(composed)) {
                int changed = session.execute(statement, arguments.get(0));
                if (isEachExpected) {
                    one.accept(changed);
                }
                return true;
            }
            pipeline.add(Pipeline.waiting(composed, arguments.get(0), session.form(), isEachExpected ? one : null));
            return true;
        }
        ComposedSet<P> set = setFor(session, statement, arguments);
        if (set == null || (set.ordinal() > 0 && !isEachExpected)) {
            return false;
        }
        int from = 0;
        while (from < arguments.size()) {
            ComposedSet.Chunk chunk = set.chunk(arguments, from, session.form());
            int members = chunk.to() - from;
            IntConsumer all = set.ordinal() > 0
                    ? changed -> requireEach(name, changed, members)
                    : inserted -> requireAll(inserted, members);
            pipeline.add(Pipeline.set(composed, chunk, all));
            from = chunk.to();
            if (from < arguments.size()) {
                session.flush(true); // the chunks of a long batch are sent one by one
            }
        }
        return true;
    }

    /**
     * Whether a text of the application may consist of several statements, with a result each: then it is not known
     * which result in a longer text is whose.
     */
    private static boolean mayBeSeveral(Composed<?, ?> statement) {
        if (!statement.tables().isEmpty()) {
            return false;
        }
        int first = statement.sql().indexOf(';');
        return first >= 0 && first < statement.sql().stripTrailing().length() - 1;
    }

    /**
     * Checks that each member was inserted. A trigger or a rule of the table may have left rows out, and which ones is
     * unknown.
     */
    static void requireAll(int inserted, int members) {
        if (inserted != members) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "of a batch of " + members + " rows " + inserted
                            + " were inserted: a trigger or a rule of the table left"
                            + " some out; insert them one by one",
                    null);
        }
    }

    /** It is not known which members found no row. */
    static void requireEach(String statement, int changed, int members) {
        if (changed != members) {
            throw new DatabaseException(
                    ErrorKind.STALE,
                    "of " + members + " changes, each of which has to change a row, " + changed
                            + " did: another transaction has changed or deleted the other rows (statement " + statement
                            + ")",
                    null);
        }
    }

    /** Runs a batch of a change that reads what it changed, at most one row for each member. */
    static <P, R> List<Optional<R>> telling(Session session, Statement<P, R> statement, List<P> arguments)
            throws SQLException {
        ComposedSet<P> set = setFor(session, statement, arguments);
        if (set == null) {
            return oneByOne(session, statement, arguments);
        }
        Prepared<P, R> ready = session.preparedSet(statement);
        List<Optional<R>> told = new ArrayList<>(Collections.nCopies(arguments.size(), Optional.empty()));
        int from = 0;
        while (from < told.size()) {
            ComposedSet.Chunk chunk = set.chunk(arguments, from, session.form());
            try (ResultSet changed = Pipeline.query(session, ready, chunk)) {
                while (changed.next()) {
                    int member = from + changed.getInt(set.ordinal()) - 1;
                    R read = ready.composed().readCurrent(changed, ready.row(), session.form());
                    if (told.set(member, Optional.of(read)).isPresent()) {
                        throw moreThanOneRow(statement);
                    }
                }
            }
            from = chunk.to();
        }
        return told;
    }

    /**
     * The set for a batch; null if its members must run one by one. A single member is not worth another prepared
     * statement. Rows are locked in the order of the arguments only if the server finds them by their keys.
     */
    private static <P> @Nullable ComposedSet<P> setFor(Session session, Statement<P, ?> statement, List<P> arguments) {
        ComposedSet<P> set = arguments.size() < 2
                ? null
                : statement.composed(session.dialect()).set();
        if (set == null || (set.ordinal() > 0 && !session.hasShortStatements())) {
            return null;
        }
        return set.meansRowsOfTheirOwn(arguments) ? set : null;
    }

    private static <P> int[] each(Prepared<P, ?> single, List<P> arguments, PayloadForm form) throws SQLException {
        PreparedStatement statement = single.statement();
        int[] counts = new int[arguments.size()];
        if (single.composed().mayInsertNothing()) {
            // The driver joins batched inserts into one statement, and then cannot report which of them inserted a row.
            for (int member = 0; member < counts.length; member++) {
                single.composed().bind(statement, arguments.get(member), form);
                counts[member] = statement.executeUpdate();
            }
            return counts;
        }
        try {
            for (P argument : arguments) {
                single.composed().bind(statement, argument, form);
                statement.addBatch();
            }
            int[] told = statement.executeBatch();
            for (int member = 0; member < counts.length; member++) {
                // The driver joined inserts, each of which inserted its row.
                counts[member] = told[member] == java.sql.Statement.SUCCESS_NO_INFO ? 1 : told[member];
            }
            return counts;
        } finally {
            statement.clearBatch();
        }
    }

    /** Runs the members of a batch that reads what it changed, one by one. */
    static <P, R> List<Optional<R>> oneByOne(Session session, Statement<P, R> statement, List<P> arguments) {
        List<Optional<R>> told = new ArrayList<>(arguments.size());
        for (P argument : arguments) {
            told.add(session.find(statement, argument));
        }
        return told;
    }

    static DatabaseException moreThanOneRow(Statement<?, ?> statement) {
        return new DatabaseException(
                ErrorKind.STATEMENT, "statement " + statement + " found more than one row where one is expected", null);
    }
}
