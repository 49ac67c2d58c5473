package io.cloacina.schema.database;

import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open database, SQLite or PostgreSQL as its URL says. Thread safe. Close it to close its connections.
 *
 * <pre>{@code
 * try (Database database = Database.open("sqlite:app.db", TASKS)) {
 *     Migrator.migrate(database);
 *     database.write(transaction -> transaction.run(INSERT, task));
 *     Optional<Task> found = database.find(BY_ID, id);
 * }
 * }</pre>
 */
public final class Database implements AutoCloseable {
    static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final Sessions sessions;
    private final Schema schema;
    private final Dialect dialect;
    private final String name;
    // Set while this thread is in a transaction: a second one would wait for the first on SQLite, for ever.
    private final ThreadLocal<Boolean> inTransaction = new ThreadLocal<>();

    private Database(Sessions sessions, Schema schema, String name, Statements... statements) {
        this.sessions = sessions;
        this.schema = schema;
        this.dialect = Dialect.of(sessions.backend());
        this.name = name;
        try {
            for (Statements part : statements) {
                part.all().forEach(statement -> statement.composed(dialect));
            }
        } catch (RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    /**
     * Opens the database that the URL names, see {@link DatabaseUrl#FORMS}, and composes the given statements.
     *
     * @throws DatabaseException if the URL is not understood or the database cannot be reached
     * @throws io.cloacina.schema.sql.StatementException if a statement cannot be composed, naming it
     */
    public static Database open(String url, Statements... statements) {
        return open(url, CloacinaSchema.SCHEMA, statements);
    }

    /** As {@link #open(String, Statements...)}, for a schema of one's own. */
    public static Database open(String url, Schema schema, Statements... statements) {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        return new Database(connect(parsed, schema), schema, parsed.toString(), statements);
    }

    /** Uses the connections of a data source, which stays the caller's to close. SQLite: up to five connections of a file. */
    public static Database open(DataSource source, Statements... statements) {
        return open(source, CloacinaSchema.SCHEMA, statements);
    }

    /** As {@link #open(DataSource, Statements...)}, for a schema of one's own. */
    public static Database open(DataSource source, Schema schema, Statements... statements) {
        String name = "the database of the data source";
        Sessions sessions = backendOf(source) == Backend.SQLITE
                ? new SqliteSessions(SqliteOpener.of(source), schema, name, false, 4)
                : PostgresSessions.of(source, schema);
        return new Database(sessions, schema, name, statements);
    }

    /** The backend. */
    public Backend backend() {
        return dialect.backend();
    }

    /** The dialect of the backend. */
    public Dialect dialect() {
        return dialect;
    }

    /** The definition of the tables. */
    public Schema schema() {
        return schema;
    }

    /** All rows of one select. */
    public <P, R> List<R> list(Select<P, R> select, P argument) {
        return readOne(select, argument, Integer.MAX_VALUE);
    }

    /** All rows of one select. */
    public <R> List<R> list(Select<NoArgument, R> select) {
        return list(select, NoArgument.NONE);
    }

    /** The only row of one select, or nothing. */
    public <P, R> Optional<R> find(Select<P, R> select, P argument) {
        return ReadTransaction.only(select, readOne(select, argument, 2));
    }

    /** Runs selects that see one snapshot. */
    public <R> R read(Function<ReadTransaction, R> work) {
        return transact(
                sessions::reader,
                session -> {
                    session.beginRead();
                    return new ReadTransaction(session);
                },
                work);
    }

    /** Runs statements in a transaction that is committed when {@code work} returns and rolled back when it throws. */
    public <R> R write(Function<WriteTransaction, R> work) {
        return transact(
                sessions::writer,
                session -> {
                    session.beginWrite();
                    return new WriteTransaction(session);
                },
                work);
    }

    /**
     * Runs a change of the schema: a write transaction that no other change of the schema runs beside, on PostgreSQL also in
     * other processes. Foreign keys are checked at its end.
     */
    public <R> R alter(Function<WriteTransaction, R> work) {
        enter();
        Session session = null;
        try {
            session = sessions.writer();
            sessions.beginAlteration(session);
            WriteTransaction transaction = new WriteTransaction(session);
            boolean done = false;
            try {
                R result = work.apply(transaction);
                transaction.requireUsable();
                sessions.endAlteration(session, true);
                done = true;
                return result;
            } finally {
                transaction.end();
                if (!done) {
                    abandon(session);
                }
            }
        } finally {
            leave(session);
        }
    }

    /** Waits for transactions that are under way and closes every connection. */
    @Override
    public void close() {
        sessions.close();
    }

    /** The URL without password and settings. */
    @Override
    public String toString() {
        return name;
    }

    static DatabaseException closed() {
        return new DatabaseException(ErrorKind.CLOSED, "the database was closed", null);
    }

    /** Takes a session and begins a transaction on it. */
    private interface Beginning<T extends ReadTransaction> {
        T begin(Session session) throws SQLException;
    }

    private <T extends ReadTransaction, R> R transact(
            Supplier<Session> lender, Beginning<T> beginning, Function<T, R> work) {
        enter();
        Session session = null;
        try {
            session = lender.get();
            T transaction = begin(session, beginning);
            boolean committed = false;
            try {
                R result = work.apply(transaction);
                if (transaction.failure() != null) {
                    throw ReadTransaction.rolledBack(transaction.failure());
                }
                commit(session);
                committed = true;
                return result;
            } finally {
                transaction.end();
                if (!committed) {
                    rollback(session);
                }
            }
        } finally {
            leave(session);
        }
    }

    private <P, R> List<R> readOne(Select<P, R> select, P argument, int limit) {
        enter();
        Session session = null;
        try {
            session = sessions.reader();
            return session.query(select, argument, limit);
        } finally {
            leave(session);
        }
    }

    private void enter() {
        if (inTransaction.get() != null) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "this thread is already in a transaction of " + name
                            + "; use that transaction instead of a second one",
                    null);
        }
        inTransaction.set(true);
    }

    private void leave(@Nullable Session session) {
        inTransaction.remove();
        if (session != null) {
            sessions.giveBack(session);
        }
    }

    private static <T extends ReadTransaction> T begin(Session session, Beginning<T> beginning) {
        try {
            return beginning.begin(session);
        } catch (SQLException e) {
            throw session.failed(e, "beginning a transaction");
        }
    }

    private static void commit(Session session) {
        try {
            session.commit();
        } catch (SQLException e) {
            throw session.failed(
                    e, "committing a transaction (whether it was committed is not known if the connection broke)");
        }
    }

    private static void rollback(Session session) {
        try {
            session.rollback();
        } catch (SQLException e) {
            LOG.debug("rolling back failed: the database had already done it, or the connection broke", e);
        }
    }

    private void abandon(Session session) {
        try {
            sessions.endAlteration(session, false);
        } catch (DatabaseException e) {
            LOG.debug("rolling back failed: the database had already done it, or the connection broke", e);
        }
    }

    private static Sessions connect(DatabaseUrl url, Schema schema) {
        if (url instanceof DatabaseUrl.Sqlite sqlite) {
            return new SqliteSessions(
                    new SqliteOpener(sqlite), schema, url.toString(), sqlite.isMemory(), sqlite.readers());
        }
        return PostgresSessions.of((DatabaseUrl.Postgres) url, schema);
    }

    private static Backend backendOf(DataSource source) {
        try (Connection connection = source.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            return switch (product.toLowerCase(Locale.ROOT)) {
                case "sqlite" -> Backend.SQLITE;
                case "postgresql" -> Backend.POSTGRES;
                default ->
                    throw new DatabaseException(
                            ErrorKind.URL,
                            "the data source is of " + product + "; SQLite and PostgreSQL are supported",
                            null);
            };
        } catch (SQLException e) {
            throw new DatabaseException(
                    ErrorKind.CONNECTION, "the data source gives no connection: " + e.getMessage(), e);
        }
    }
}
