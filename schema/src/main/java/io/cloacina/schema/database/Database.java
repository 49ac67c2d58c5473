package io.cloacina.schema.database;

import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
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
    /**
     * The advisory lock that a transaction holds on PostgreSQL while it changes the schema. A number that others are unlikely
     * to lock: the first letters of the name.
     */
    public static final long ALTERATION_LOCK = 0x636c6f6163696e61L;

    /** The channel on which PostgreSQL passes hints on. */
    static final String CHANNEL = "cloacina";

    static final Statements HINTS = new Statements("hints");

    /** Says how long statements wait for locks from now on, until the transaction ends; a time as PostgreSQL writes it. */
    static final Select<String, String> LOCK_WAIT =
            HINTS.nativeSelect("lock-wait", "SELECT ?", "SELECT set_config('lock_timeout', ?, true)", q -> {
                q.bind(DataType.TEXT, time -> time);
                var set = q.column(DataType.TEXT);
                return row -> row.get(set);
            });

    /**
     * Sends a hint, of at most 7,000 bytes, to everyone who hears when the transaction commits; on SQLite the commit itself is
     * what is heard. PostgreSQL takes a lock for the whole server when a transaction commits that sent one.
     */
    public static final Select<String, Integer> NOTIFY = HINTS.nativeSelect(
            "notify", "SELECT length(?)", "SELECT length(pg_notify('" + CHANNEL + "', ?)::text)", q -> {
                q.bind(DataType.TEXT, text -> text);
                var length = q.column(DataType.INTEGER);
                return row -> row.get(length);
            });

    static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private static final int MANY = Integer.MAX_VALUE;

    private final Sessions sessions;
    // Opening needs no table: the definition is made when an error or a migration asks for it.
    private final Supplier<Schema> schema;
    private final Dialect dialect;
    private final String name;
    // Set while this thread is in a transaction: a second one would wait for the first on SQLite, for ever.
    // The array stays with the thread: setting and removing a value would allocate an entry each time.
    private final ThreadLocal<boolean[]> inTransaction = ThreadLocal.withInitial(() -> new boolean[1]);
    // One permit for each transaction; who closes takes all of them.
    private final Semaphore underWay = new Semaphore(MANY);
    private final Set<Hints> hearing = new HashSet<>();
    private volatile boolean closing;
    private boolean closed;

    private Database(Sessions sessions, Supplier<Schema> schema, String name) {
        this.sessions = sessions;
        this.schema = schema;
        this.dialect = Dialect.of(sessions.backend());
        this.name = name;
    }

    /**
     * Opens the database that the URL names, see {@link DatabaseUrl#FORMS}, and composes the given statements.
     *
     * @throws DatabaseException if the URL is not understood or the database cannot be reached
     * @throws io.cloacina.schema.sql.StatementException if a statement cannot be composed, naming it
     */
    public static Database open(String url, Statements... statements) {
        return open(url, () -> CloacinaSchema.SCHEMA, statements);
    }

    /** As {@link #open(String, Statements...)}, for a schema of one's own. */
    public static Database open(String url, Schema schema, Statements... statements) {
        return open(url, () -> schema, statements);
    }

    private static Database open(String url, Supplier<Schema> schema, Statements... statements) {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        compose(parsed.backend(), statements);
        return new Database(connect(parsed, schema), schema, parsed.toString());
    }

    /** Uses the connections of a data source, which stays the caller's to close. SQLite: up to five connections of a file. */
    public static Database open(DataSource source, Statements... statements) {
        return open(source, () -> CloacinaSchema.SCHEMA, statements);
    }

    /** As {@link #open(DataSource, Statements...)}, for a schema of one's own. */
    public static Database open(DataSource source, Schema schema, Statements... statements) {
        return open(source, () -> schema, statements);
    }

    private static Database open(DataSource source, Supplier<Schema> schema, Statements... statements) {
        GivenSource given = GivenSource.lookAt(source);
        compose(given.backend(), statements);
        return new Database(given.connect(schema), schema, given.name());
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
        return schema.get();
    }

    /** All rows of one select. */
    public <P, R> List<R> list(Select<P, R> select, P argument) {
        return readOne(Session::list, select, argument);
    }

    /** All rows of one select. */
    public <R> List<R> list(Select<NoArgument, R> select) {
        return list(select, NoArgument.NONE);
    }

    /** The only row of one select, or nothing. */
    public <P, R> Optional<R> find(Select<P, R> select, P argument) {
        return readOne(Session::find, select, argument);
    }

    /** Runs selects that see one snapshot. */
    public <R> R read(Function<ReadTransaction, R> work) {
        return inTransaction(
                Sessions::reader, Session::beginReading, Session::commitOrFail, Session::rollbackOrBreak, work);
    }

    /** Runs statements in a transaction that is committed when {@code work} returns and rolled back when it throws. */
    public <R> R write(Function<WriteTransaction, R> work) {
        return inTransaction(
                Sessions::writer, Session::beginWriting, Session::commitOrFail, Session::rollbackOrBreak, work);
    }

    /**
     * As {@link #write}, for what must not wait for anybody else's work: on PostgreSQL on one more connection, which is opened
     * by the first call and kept for this alone, also one of a given data source; one transaction at a time. On SQLite, which
     * has one writer, it waits for that as {@link #write} does.
     */
    public <R> R writeApart(Function<WriteTransaction, R> work) {
        return inTransaction(
                Sessions::apart, Session::beginWriting, Session::commitOrFail, Session::rollbackOrBreak, work);
    }

    /**
     * How many transactions can be under way at once, without those that are kept apart ({@link #writeApart}, {@link #hear}).
     * Empty on SQLite, where a transaction that writes waits for the one before, and for a data source that does not say.
     */
    public OptionalInt connections() {
        return sessions.connections();
    }

    /**
     * Runs statements inside a transaction of the application, on its own connection: they are committed or rolled back with
     * that transaction. When {@code work} throws, nothing of it stays in the transaction, which can go on.
     *
     * <p>The connection stays as the application made it. On SQLite a transaction that has not written yet may find another
     * writer, of kind {@link ErrorKind#BUSY}, unless it was begun with {@code transaction_mode=IMMEDIATE}; foreign keys hold
     * only if the connection has {@code foreign_keys=true}; and {@link #write} would wait for the transaction to end.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if the connection commits by itself or is of another
     *     database, or if this thread is in a transaction of this one
     */
    public <R> R join(Connection connection, Function<WriteTransaction, R> work) {
        return inTransaction(
                all -> JoinedSession.of(all, connection, name),
                Session::beginWriting,
                Session::commitOrFail,
                Session::rollbackOrBreak,
                work);
    }

    /**
     * Begins to hear of what is committed, here and elsewhere, until the result or the database is closed. Hints may be lost,
     * may come late and may be about nothing: they are not a substitute for looking. On PostgreSQL a hint is the text that was
     * sent with {@link #NOTIFY}, on SQLite it is empty; an empty one says that anything may have changed, and the first one,
     * when hearing has begun, is empty. Of a database in memory nothing is heard.
     *
     * <p>This keeps a connection of its own, also one of a given data source. {@code hint} is called by one thread, which
     * hears nothing meanwhile; what it throws is logged.
     */
    public Hints hear(Consumer<String> hint) {
        synchronized (hearing) {
            requireOpen();
            Hints made = Hints.by(sessions.ear(), hint, this::heard);
            hearing.add(made);
            return made;
        }
    }

    /**
     * Runs a change of the schema: a write transaction that no other change of the schema runs beside, on PostgreSQL also in
     * other processes. Foreign keys are checked at its end.
     */
    public <R> R alter(Function<WriteTransaction, R> work) {
        return inTransaction(
                Sessions::writer,
                session -> {
                    sessions.beginAlteration(session);
                    return new WriteTransaction(session);
                },
                sessions::commitAlteration,
                sessions::rollbackAlteration,
                work);
    }

    /**
     * Stops hearing, waits for transactions that are under way and closes every connection. Closing again does nothing.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} inside a transaction of this thread, which it would wait for
     */
    @Override
    public void close() {
        if (inTransaction.get()[0]) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT, "this thread is in a transaction of " + name + "; close it afterwards", null);
        }
        closing = true;
        stopHearing();
        underWay.acquireUninterruptibly(MANY);
        try {
            if (!closed) {
                closed = true;
                sessions.close();
            }
        } finally {
            underWay.release(MANY);
        }
    }

    /** Before transactions are waited for: following a hint may need one more, which is refused by now. */
    private void stopHearing() {
        List<Hints> left;
        synchronized (hearing) {
            left = List.copyOf(hearing);
        }
        left.forEach(Hints::close);
    }

    private void heard(Hints closed) {
        synchronized (hearing) {
            hearing.remove(closed);
        }
    }

    /** The URL without password and settings. */
    @Override
    public String toString() {
        return name;
    }

    /** Begins a transaction on a session. */
    private interface Beginning<T extends ReadTransaction> {
        T begin(Session session);
    }

    /** Takes a session, begins, works, and ends in one of two ways. */
    private <T extends ReadTransaction, R> R inTransaction(
            Function<Sessions, Session> lender,
            Beginning<T> beginning,
            Consumer<Session> commit,
            Consumer<Session> rollback,
            Function<T, R> work) {
        enter();
        Session session = null;
        try {
            session = lender.apply(sessions);
            T transaction = beginning.begin(session);
            boolean committed = false;
            try {
                R result = work.apply(transaction);
                if (transaction.failure() != null) {
                    throw ReadTransaction.rolledBack(transaction.failure());
                }
                commit.accept(session);
                committed = true;
                return result;
            } finally {
                transaction.end();
                if (!committed) {
                    rollback.accept(session);
                }
            }
        } finally {
            leave(session);
        }
    }

    private interface Reading<P, R, T> {
        T read(Session session, Select<P, R> select, P argument);
    }

    /** One select, which needs no transaction to see one snapshot. */
    private <P, R, T> T readOne(Reading<P, R, T> reading, Select<P, R> select, P argument) {
        enter();
        Session session = null;
        try {
            session = sessions.reader();
            return reading.read(session, select, argument);
        } finally {
            leave(session);
        }
    }

    private void enter() {
        boolean[] inThis = inTransaction.get();
        if (inThis[0]) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "this thread is already in a transaction of " + name
                            + "; use that transaction instead of a second one",
                    null);
        }
        requireOpen();
        underWay.acquireUninterruptibly();
        try {
            requireOpen();
            inThis[0] = true;
        } catch (DatabaseException e) {
            underWay.release();
            throw e;
        }
    }

    private void leave(@Nullable Session session) {
        inTransaction.get()[0] = false;
        try {
            if (session != null) {
                if (session instanceof JoinedSession joined) {
                    joined.close();
                } else {
                    sessions.giveBack(session);
                }
            }
        } finally {
            underWay.release();
        }
    }

    private void requireOpen() {
        if (closing) {
            throw new DatabaseException(ErrorKind.CLOSED, name + " was closed", null);
        }
    }

    private static void compose(Backend backend, Statements... statements) {
        for (Statements part : statements) {
            part.all().forEach(statement -> statement.composed(Dialect.of(backend)));
        }
    }

    private static Sessions connect(DatabaseUrl url, Supplier<Schema> schema) {
        if (url instanceof DatabaseUrl.Sqlite sqlite) {
            return SqliteSessions.of(sqlite, schema);
        }
        return PostgresSessions.of((DatabaseUrl.Postgres) url, schema);
    }
}
