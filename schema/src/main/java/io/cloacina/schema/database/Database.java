package io.cloacina.schema.database;

import io.cloacina.schema.database.Gate.Purpose;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.PayloadForm;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
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

    private final Joined joined = new Joined();
    private final Sessions sessions;
    private final Definitions definitions;
    private final String name;
    private final Gate gate;
    private final Hearing hearing;

    private Database(Sessions sessions, Definitions definitions, String name) {
        this.sessions = sessions;
        this.definitions = definitions;
        this.name = name;
        this.gate = new Gate(sessions, name);
        this.hearing = new Hearing(gate);
    }

    /**
     * Opens the database that the URL names, see {@link DatabaseUrl#FORMS}, and composes the statements of the given catalogs.
     * Only these run then, and those of {@link #compose}; without a catalog any does, and is composed when it first runs.
     *
     * @throws DatabaseException if the URL is not understood or the database cannot be reached
     * @throws io.cloacina.schema.sql.StatementException if a statement cannot be composed, or names a table that is neither in
     *     the schema nor one of Cloacina's; naming the statement
     */
    public static Database open(String url, Statements... statements) {
        return openUrl(url, null, statements);
    }

    /** As {@link #open(String, Statements...)}, for the tables of an application, which may share the database with Cloacina's. */
    public static Database open(String url, Schema schema, Statements... statements) {
        return openUrl(url, schema, statements);
    }

    private static Database openUrl(String url, @Nullable Schema schema, Statements... statements) {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        String name = parsed.toString();
        Definitions made = new Definitions(schema, Dialect.of(parsed.backend()), name, statements);
        return new Database(Interrupts.kept(() -> connect(parsed, made::allTables)), made, name);
    }

    /** Uses the connections of a data source, which stays the caller's to close. SQLite: up to five connections of a file. */
    public static Database open(DataSource source, Statements... statements) {
        return openSource(source, null, statements);
    }

    /** As {@link #open(DataSource, Statements...)}, for the tables of an application. */
    public static Database open(DataSource source, Schema schema, Statements... statements) {
        return openSource(source, schema, statements);
    }

    private static Database openSource(DataSource source, @Nullable Schema schema, Statements... statements) {
        GivenSource given = Interrupts.kept(() -> GivenSource.lookAt(source));
        Definitions made = new Definitions(schema, Dialect.of(given.backend()), given.name(), statements);
        return new Database(Interrupts.kept(() -> given.connect(made::allTables)), made, given.name());
    }

    /**
     * Composes the statements of further catalogs, which may run from then on: those of a part of the program that was given
     * this database, such as an engine.
     *
     * @throws io.cloacina.schema.sql.StatementException as when the database is opened with them
     */
    public void compose(Statements... statements) {
        definitions.compose(statements);
    }

    /**
     * How the texts of users are stored from now on, in columns that are declared as payload; those that are stored stay as they
     * are. For the engine that uses the database: tools that look at rows or copy them leave it at {@link PayloadForm#PLAIN}.
     */
    public void storePayloads(PayloadForm as) {
        definitions.storePayloads(as);
    }

    /** How the texts of users are stored, see {@link #storePayloads}. */
    public PayloadForm payloadForm() {
        return definitions.payloadForm();
    }

    /** The backend. */
    public Backend backend() {
        return sessions.backend();
    }

    /** The dialect of the backend. */
    public Dialect dialect() {
        return definitions.dialect();
    }

    /** The tables that it was opened with; those of Cloacina, if no others were given. */
    public Schema schema() {
        return definitions.schema();
    }

    /**
     * Whether this thread is in a transaction that a write of another thread to this database may wait for: one of this
     * database or, on SQLite, a write transaction on the same file by another {@code Database}.
     */
    public boolean isHeldByThisThread() {
        return gate.isHeldByThisThread();
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
                Purpose.READING,
                Sessions::reader,
                Session::beginReading,
                Session::commitOrFail,
                Session::rollbackOrBreak,
                work);
    }

    /** Runs statements in a transaction that is committed when {@code work} returns and rolled back when it throws. */
    public <R> R write(Function<WriteTransaction, R> work) {
        return inTransaction(
                Purpose.WRITING,
                Sessions::writer,
                Session::beginWriting,
                Session::commitOrFail,
                Session::rollbackOrBreak,
                work);
    }

    /**
     * As {@link #write}, for what must not wait for anybody else's work: on PostgreSQL on one more connection, which is opened
     * by the first call and kept for this alone, also one of a given data source; one transaction at a time. On SQLite, which
     * has one writer, it waits for that as {@link #write} does.
     */
    public <R> R writeApart(Function<WriteTransaction, R> work) {
        return inTransaction(
                Purpose.WRITING,
                Sessions::apart,
                Session::beginWriting,
                Session::commitOrFail,
                Session::rollbackOrBreak,
                work);
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
     * <p>That of a transaction of this layer, such as {@link WriteTransaction#connection()}, can be joined as well, and while
     * one is joined it can be joined again. The connection stays as the application made it. On SQLite a transaction that has not written yet may find another
     * writer, of kind {@link ErrorKind#BUSY}, unless it was begun with {@code transaction_mode=IMMEDIATE}; foreign keys hold
     * only if the connection has {@code foreign_keys=true}; and {@link #write} would wait for the transaction to end.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if the connection commits by itself or is of another
     *     database, or if this thread is in a transaction of this one
     */
    public <R> R join(Connection connection, Function<WriteTransaction, R> work) {
        WriteTransaction open = joined.find(connection, definitions);
        return open != null
                ? open.within(work)
                : inTransaction(
                        Purpose.JOINING,
                        all -> JoinedSession.of(all, connection, name),
                        Session::beginWriting,
                        Session::commitOrFail,
                        Session::rollbackOrBreak,
                        transaction -> joined.during(connection, transaction, work));
    }

    /** What the database said, if a driver's error is why this was thrown: the first one among it and its causes. */
    public Optional<DatabaseException> causeOf(Throwable thrown) {
        return sessions.causeOf(thrown);
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
        return hearing.begin(sessions, hint);
    }

    /**
     * Runs a change of the schema: a write transaction that no other change of the schema runs beside, on PostgreSQL also in
     * other processes. Foreign keys are checked at its end.
     */
    public <R> R alter(Function<WriteTransaction, R> work) {
        return inTransaction(
                Purpose.WRITING,
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
        gate.shut();
        hearing.end(Hints::close);
        gate.whenEmpty(sessions::close);
    }

    /**
     * As {@link #close()}, and ends by then, a quarter of a second later at most: what is under way by then fails, because its
     * connections are closed beneath it. What a driver does not let go even so is closed when it does, and is not waited for.
     *
     * @return whether all has ended
     */
    public boolean closeWithin(Duration atMost) {
        gate.shut();
        long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost);
        hearing.end(hints -> hints.closeWithin(Duration.ofNanos(until - System.nanoTime())));
        return gate.emptyWithin(until, sessions::close);
    }

    /**
     * Closes the connection of a transaction beneath it, for another thread than that which runs it: nothing of it stays,
     * whoever runs it gets errors, and its place is free for others. Does nothing if it has ended, or the database is in
     * memory, which would be gone with its connection.
     */
    public void cutOff(WriteTransaction transaction) {
        sessions.cutOff(transaction.session(), transaction);
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
            Purpose purpose,
            Function<Sessions, Session> lender,
            Beginning<T> beginning,
            Consumer<Session> commit,
            Consumer<Session> rollback,
            Function<T, R> work) {
        gate.enter(purpose);
        Session session = null;
        try {
            session = lender.apply(sessions);
            session.useFor(definitions);
            T transaction = beginning.begin(session);
            session.usedBy(transaction);
            boolean committed = false;
            try {
                R result = work.apply(transaction);
                if (transaction.failure() != null) {
                    throw ReadTransaction.rolledBack(transaction.failure());
                }
                session.requireWhole();
                session.recall(null);
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
            leave(purpose, session);
        }
    }

    private interface Reading<P, R, T> {
        T read(Session session, Select<P, R> select, P argument);
    }

    /** One select, which needs no transaction to see one snapshot. */
    private <P, R, T> T readOne(Reading<P, R, T> reading, Select<P, R> select, P argument) {
        gate.enter(Purpose.READING);
        Session session = null;
        try {
            session = sessions.reader();
            session.useFor(definitions);
            return reading.read(session, select, argument);
        } finally {
            leave(Purpose.READING, session);
        }
    }

    private void leave(Purpose purpose, @Nullable Session session) {
        try {
            if (session instanceof JoinedSession joined) {
                joined.close();
            } else if (session != null) {
                sessions.giveBack(session);
            }
        } finally {
            gate.leave(purpose);
        }
    }

    private static Sessions connect(DatabaseUrl url, Supplier<Schema> schema) {
        if (url instanceof DatabaseUrl.Sqlite sqlite) {
            return SqliteSessions.of(sqlite, schema);
        }
        return PostgresSessions.of((DatabaseUrl.Postgres) url, schema);
    }
}
