package io.cloacina.schema.database;

import io.cloacina.schema.database.StatementCache.Prepared;
import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.ComposedSet;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.PayloadForm;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Deferred statements of a transaction on PostgreSQL, whose results are not needed at once. They are sent together with the
 * next statement or with the commit, in one round trip. Used by one thread at a time.
 */
final class Pipeline {
    private static final String COMMIT = "COMMIT";

    /** On a line of its own, because a statement may end with a comment. */
    private static final String NEXT = "\n; ";

    /** More statements are sent in several texts, so that the length of a text is bounded. */
    private static final int MOST_PARTS = 8;

    /**
     * How many characters of sets may follow the first part of a text: no more than the buffers between driver and
     * server hold. The driver reads nothing before it has sent all of a text, and a server that has much to say
     * meanwhile, such as the notices of triggers, reads nothing more until somebody reads that: then both would wait
     * forever.
     */
    private static final int MOST_BEHIND = 64 << 10;

    /** How many texts stay prepared, those that were used last. */
    private static final int MOST_PREPARED = 100;

    private final Session session;
    private final Connection connection;
    private final List<Part> waiting = new ArrayList<>();
    private int behindFirst;
    private @Nullable Part setting;
    // By the statements that a text consists of; the most recently used one is the last.
    private final Map<List<Object>, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);

    Pipeline(Session session, Connection connection) {
        this.session = session;
        this.connection = connection;
    }

    /**
     * Binds the arguments of a part after {@code before} placeholders; returns the number of placeholders including its own.
     */
    private interface Binding {
        int bind(PreparedStatement statement, int before) throws SQLException;
    }

    /**
     * One statement with its arguments.
     *
     * @param shape identifies the prepared form: the statement for one argument, or its set
     * @param requirement refuses a wrong number of changed rows; null if any number is right
     * @param length of the arrays of a set, in characters
     */
    record Part(
            Composed<?, ?> statement,
            Object shape,
            String sql,
            @Nullable IntConsumer requirement,
            int length,
            Binding binding) {}

    /** Runs a statement after the deferred ones. */
    static <P> ResultSet query(Session session, Prepared<P, ?> ready, P argument) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.query(part(ready.composed(), argument, session.form()));
        }
        ready.composed().bind(ready.statement(), argument, session.form());
        return ready.statement().executeQuery();
    }

    /** Runs a change after the deferred statements; returns the number of changed rows. */
    static <P> int change(Session session, Prepared<P, ?> ready, P argument) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.change(part(ready.composed(), argument, session.form()));
        }
        ready.composed().bind(ready.statement(), argument, session.form());
        return ready.statement().executeUpdate();
    }

    /** Runs a set after the deferred statements. */
    static ResultSet query(Session session, Prepared<?, ?> set, ComposedSet.Chunk arguments) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.query(set(set.composed(), arguments, null));
        }
        arguments.bind(set.statement(), 0);
        ResultSet result = set.statement().executeQuery();
        set.statement().clearParameters(); // the driver keeps them otherwise
        return result;
    }

    /** Runs a set after the deferred statements; returns the number of changed rows. */
    static int change(Session session, Prepared<?, ?> set, ComposedSet.Chunk arguments) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.change(set(set.composed(), arguments, null));
        }
        arguments.bind(set.statement(), 0);
        int changed = set.statement().executeUpdate();
        set.statement().clearParameters(); // as above
        return changed;
    }

    static <P> Part part(Composed<P, ?> statement, P argument, PayloadForm form) {
        return new Part(
                statement,
                statement,
                statement.sql(),
                null,
                0,
                (prepared, before) -> statement.bind(prepared, before, argument, form));
    }

    /**
     * A part that waits: its argument may change before it is sent.
     *
     * @param requirement as in {@link Part}
     */
    static <P> Part waiting(Composed<P, ?> statement, P argument, PayloadForm form, @Nullable IntConsumer requirement) {
        @Nullable Object[] values = statement.take(argument);
        return new Part(
                statement,
                statement,
                statement.sql(),
                requirement,
                0,
                (prepared, before) -> statement.bindTaken(prepared, before, values, form));
    }

    /** @param requirement as in {@link Part} */
    static Part set(Composed<?, ?> statement, ComposedSet.Chunk arguments, @Nullable IntConsumer requirement) {
        ComposedSet<?> set = Objects.requireNonNull(statement.set());
        return new Part(statement, set, set.sql(), requirement, arguments.length(), arguments::bind);
    }

    boolean isEmpty() {
        return setting == null && waiting.isEmpty();
    }

    /** Defers a setting of the transaction: it is sent before everything else, and not at all if nothing else is sent. */
    void set(Part settingOfTransaction) {
        flush(true);
        setting = settingOfTransaction;
    }

    void add(Part part) {
        if (waiting.size() == MOST_PARTS) {
            flush(true);
        }
        append(part);
    }

    private void append(Part part) {
        if (!waiting.isEmpty() && behindFirst + part.length > MOST_BEHIND) {
            flush(true);
        }
        behindFirst = waiting.isEmpty() ? 0 : behindFirst + part.length;
        waiting.add(part);
    }

    /** Drops the deferred statements. */
    void clear() {
        setting = null;
        waiting.clear();
    }

    /** Sends the deferred statements and this one; returns its rows. */
    private ResultSet query(Part last) throws SQLException {
        append(last);
        return send(false).getResultSet();
    }

    /** Sends the deferred statements and this one; returns the number of rows that it changed. */
    private int change(Part last) throws SQLException {
        append(last);
        return send(false).getUpdateCount();
    }

    /** Sends the deferred statements; a setting alone stays deferred unless {@code all} is true. */
    void flush(boolean all) {
        if (all ? !isEmpty() : !waiting.isEmpty()) {
            send(false);
        }
    }

    /** Sends the deferred statements, together with the commit unless a number of changed rows must be checked first. */
    void commit() {
        if (waiting.isEmpty()) {
            setting = null;
        } else {
            send(waiting.stream().allMatch(part -> part.requirement == null));
        }
    }

    /** Sends all parts; returns the statement, positioned at the result of the last part. */
    private PreparedStatement send(boolean andCommit) {
        List<Part> asked = List.copyOf(waiting);
        List<Part> parts = new ArrayList<>();
        if (setting != null) {
            parts.add(setting);
        }
        parts.addAll(asked);
        clear();
        try {
            PreparedStatement statement = prepared(parts, andCommit);
            int placeholders = 0;
            for (Part part : parts) {
                placeholders = bind(part, statement, placeholders);
            }
            statement.execute();
            for (int part = 0; part < parts.size(); part++) {
                if (part > 0) {
                    statement.getMoreResults();
                }
                IntConsumer requirement = parts.get(part).requirement;
                if (requirement != null) {
                    requirement.accept(changed(statement));
                }
            }
            statement.clearParameters(); // the driver keeps them otherwise
            return statement;
        } catch (SQLException e) {
            // Settings are named only if nothing else was sent.
            List<Part> named = asked.isEmpty() ? parts : asked;
            throw session.failed(e, named.stream().map(Part::statement).toList(), andCommit);
        }
    }

    /** How many rows the present part changed: a set of updates says it by rows of its own. */
    private static int changed(PreparedStatement statement) throws SQLException {
        ResultSet members = statement.getResultSet();
        if (members == null) {
            return statement.getUpdateCount();
        }
        int changed = 0;
        while (members.next()) {
            changed++;
        }
        return changed;
    }

    private static int bind(Part part, PreparedStatement statement, int before) throws SQLException {
        try {
            return part.binding.bind(statement, before);
        } catch (InvalidValueException e) {
            throw invalid(e, part.statement.name());
        }
    }

    static DatabaseException invalid(InvalidValueException e, String statement) {
        return new DatabaseException(ErrorKind.INVALID_VALUE, e.getMessage() + " (statement " + statement + ")", e);
    }

    private PreparedStatement prepared(List<Part> parts, boolean andCommit) throws SQLException {
        List<Object> key = new ArrayList<>(parts.size() + 1);
        for (Part part : parts) {
            key.add(part.shape);
        }
        if (andCommit) {
            key.add(COMMIT);
        }
        PreparedStatement known = prepared.get(key);
        if (known == null) {
            String sql = parts.stream().map(Part::sql).collect(Collectors.joining(NEXT));
            known = connection.prepareStatement(andCommit ? sql + NEXT + COMMIT : sql);
            prepared.put(key, known);
            forgetEldest();
        }
        return known;
    }

    private void forgetEldest() throws SQLException {
        if (prepared.size() > MOST_PREPARED) {
            List<Object> eldest = prepared.keySet().iterator().next();
            Objects.requireNonNull(prepared.remove(eldest)).close();
        }
    }

    /** Closes and forgets all prepared statements. */
    void close() throws SQLException {
        List<PreparedStatement> made = List.copyOf(prepared.values());
        prepared.clear();
        for (PreparedStatement each : made) {
            each.close();
        }
    }
}
