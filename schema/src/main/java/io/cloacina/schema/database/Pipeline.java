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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a transaction on PostgreSQL that nobody waits for: they are sent together with the next one or with the
 * commit, in one round trip. Used by one thread at a time.
 */
final class Pipeline {
    private static final String COMMIT = "COMMIT";

    /** On a line of its own, because a statement may end with a comment. */
    private static final String NEXT = "\n; ";

    /** More are sent in several texts, so that no text is of any length. */
    private static final int MOST_PARTS = 8;

    /**
     * So many characters of sets may follow the first part of a text: no more than the buffers between driver and
     * server hold. The driver reads nothing before it has sent all of a text, and a server that has much to say
     * meanwhile, such as the notices of triggers, reads nothing more until somebody reads that: then both would wait
     * forever.
     */
    private static final int MOST_BEHIND = 64 << 10;

    /** So many texts stay prepared: those that were used last. */
    private static final int MOST_PREPARED = 100;

    private final Session session;
    private final Connection connection;
    private final List<Part> waiting = new ArrayList<>();
    private int behindFirst;
    private @Nullable Part setting;
    // By the statements that a text consists of, the one that was used last at the end.
    private final Map<List<Object>, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);

    Pipeline(Session session, Connection connection) {
        this.session = session;
        this.connection = connection;
    }

    /** Binds the arguments of a part behind so many placeholders; returns how many there are then. */
    private interface Binding {
        int bind(PreparedStatement statement, int before) throws SQLException;
    }

    /**
     * One statement with its arguments.
     *
     * @param shape what it is prepared for: the statement for one argument, or its set
     * @param inserts how many rows it has to insert; 0 for any number
     * @param length of the arrays of a set, in characters
     */
    record Part(Composed<?, ?> statement, Object shape, String sql, int inserts, int length, Binding binding) {}

    /** Runs a statement, after what waits. */
    static <P> ResultSet query(Session session, Prepared<P, ?> ready, P argument) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.query(part(ready.composed(), argument, session.form()));
        }
        ready.composed().bind(ready.statement(), argument, session.form());
        return ready.statement().executeQuery();
    }

    /** Runs a change, after what waits; the number of changed rows. */
    static <P> int change(Session session, Prepared<P, ?> ready, P argument) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.change(part(ready.composed(), argument, session.form()));
        }
        ready.composed().bind(ready.statement(), argument, session.form());
        return ready.statement().executeUpdate();
    }

    /** Runs a set, after what waits. */
    static ResultSet query(Session session, Prepared<?, ?> set, ComposedSet.Chunk arguments) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.query(set(set.composed(), arguments, 0));
        }
        arguments.bind(set.statement(), 0);
        ResultSet result = set.statement().executeQuery();
        set.statement().clearParameters(); // the driver keeps them otherwise
        return result;
    }

    /** Runs a set, after what waits; the number of changed rows. */
    static int change(Session session, Prepared<?, ?> set, ComposedSet.Chunk arguments) throws SQLException {
        Pipeline waiting = session.waiting();
        if (waiting != null) {
            return waiting.change(set(set.composed(), arguments, 0));
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
                0,
                0,
                (prepared, before) -> statement.bind(prepared, before, argument, form));
    }

    /** @param inserts as in {@link Part} */
    static Part set(Composed<?, ?> statement, ComposedSet.Chunk arguments, int inserts) {
        ComposedSet<?> set = Objects.requireNonNull(statement.set());
        return new Part(statement, set, set.sql(), inserts, arguments.length(), arguments::bind);
    }

    boolean isEmpty() {
        return setting == null && waiting.isEmpty();
    }

    /** Has a setting of the transaction wait: it is sent before everything else, and not at all if nothing else is. */
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

    /** What waits is not sent any more. */
    void clear() {
        setting = null;
        waiting.clear();
    }

    /** Sends what waits, and this after it; its rows. */
    private ResultSet query(Part last) throws SQLException {
        append(last);
        return send(false).getResultSet();
    }

    /** Sends what waits, and this after it; how many rows this changed. */
    private int change(Part last) throws SQLException {
        append(last);
        return send(false).getUpdateCount();
    }

    /** Sends what waits; a setting alone waits on unless {@code all} is to be sent. */
    void flush(boolean all) {
        if (all ? !isEmpty() : !waiting.isEmpty()) {
            send(false);
        }
    }

    /** Sends what waits, and the commit with it unless the number of rows is to be known first. */
    void commit() {
        if (waiting.isEmpty()) {
            setting = null;
        } else {
            send(waiting.stream().allMatch(part -> part.inserts == 0));
        }
    }

    /** The statement, at the result of the last part. */
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
                if (parts.get(part).inserts > 0) {
                    SetStatements.requireAll(statement.getUpdateCount(), parts.get(part).inserts);
                }
            }
            statement.clearParameters(); // the driver keeps them otherwise
            return statement;
        } catch (SQLException e) {
            // No one asked for the settings, unless nothing else was sent.
            List<Part> named = asked.isEmpty() ? parts : asked;
            throw session.failed(e, named.stream().map(Part::statement).toList(), andCommit);
        }
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

    /** Closes and forgets what was prepared. */
    void close() throws SQLException {
        List<PreparedStatement> made = List.copyOf(prepared.values());
        prepared.clear();
        for (PreparedStatement each : made) {
            each.close();
        }
    }
}
