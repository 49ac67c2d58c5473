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
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** What is closed by force is closed at once, unless a driver is in the middle of something. */
    private static final long CUT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Sessions sessions;
    // Opening needs no table: the definition is made when an error or a migration asks for it.
    private final Supplier<Schema> schema;
    private final Dialect dialect;
    private final String name;
    private final UnderWay underWay;
    private final Set<Hints> hearing = new HashSet<>();

    private Database(Sessions sessions, Supplier<Schema> schema, String name) {
        this.sessions = sessions;
        this.schema = schema;
        this.dialect = Dialect.of(sessions.backend());
        this.name = name;
        this.underWay = new UnderWay(name);
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
        return new Database(Interrupts.kept(() -> connect(parsed, schema)), schema, parsed.toString());
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
        GivenSource given = Interrupts.kept(() -> GivenSource.lookAt(source));
        compose(given.backend(), statements);
        return new Database(Interrupts.kept(() -> given.connect(schema)), schema, given.name());
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
        return inTransaction(Sessions::reader, Database::beginRead, Database::commit, Session::rollbackOrBreak, work);
    }

    /** Runs statements in a transaction that is committed when {@code work} returns and rolled back when it throws. */
    public <R> R write(Function<WriteTransaction, R> work) {
        return inTransaction(Sessions::writer, Database::beginWrite, Database::commit, Session::rollbackOrBreak, work);
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
                Database::beginWrite,
                Database::commit,
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
            underWay.requireOpen();
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
        underWay.refuse();
        stopHearing(Hints::close);
        underWay.whenOver(sessions::close);
    }

    /**
     * As {@link #close()}, and ends by then, a quarter of a second later at most: what is under way by then fails, because its
     * connections are closed beneath it. What a driver does not let go even so is closed when it does, and is not waited for.
     *
     * @return whether all has ended
     */
    public boolean closeWithin(Duration atMost) {
        underWay.refuse();
        long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost);
        stopHearing(hints -> hints.closeWithin(until - System.nanoTime()));
        Thread ending = daemon("cloacina-close-database", () -> underWay.whenOver(sessions::close));
        if (Interrupts.join(ending, until - System.nanoTime())) {
            return true;
        }
        LOG.warn("what is under way on {} does not end; its connections are closed beneath it", name);
        long cut = System.nanoTime() + CUT_NANOS;
        Interrupts.join(daemon("cloacina-cut-database", sessions::cutOffAll), CUT_NANOS);
        return Interrupts.join(ending, cut - System.nanoTime());
    }

    /**
     * Closes the connection of a transaction beneath it, for another thread than that which runs it: nothing of it stays,
     * whoever runs it gets errors, and its place is free for others. Does nothing if it has ended, or the database is in
     * memory, which would be gone with its connection.
     */
    public void cutOff(WriteTransaction transaction) {
        sessions.cutOff(transaction.session(), transaction);
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Before transactions are waited for: following a hint may need one more, which is refused by now. */
    private void stopHearing(Consumer<Hints> closing) {
        List<Hints> left;
        synchronized (hearing) {
            left = List.copyOf(hearing);
        }
        left.forEach(closing);
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
        underWay.enter();
        Session session = null;
        try {
            session = lender.apply(sessions);
            T transaction = beginning.begin(session);
            session.usedBy(transaction);
            boolean committed = false;
            try {
                R result = work.apply(transaction);
                if (transaction.failure() != null) {
                    throw ReadTransaction.rolledBack(transaction.failure());
                }
                session.requireWhole();
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
        underWay.enter();
        Session session = null;
        try {
            session = sessions.reader();
            return reading.read(session, select, argument);
        } finally {
            leave(session);
        }
    }

    private void leave(@Nullable Session session) {
        try {
            if (session instanceof JoinedSession joined) {
                joined.close();
            } else if (session != null) {
                sessions.giveBack(session);
            }
        } finally {
            underWay.leave();
        }
    }

    private static ReadTransaction beginRead(Session session) {
        try {
            session.beginRead();
            return new ReadTransaction(session);
        } catch (SQLException e) {
            throw notBegun(session, e);
        }
    }

    private static WriteTransaction beginWrite(Session session) {
        try {
            session.beginWrite();
            return new WriteTransaction(session);
        } catch (SQLException e) {
            throw notBegun(session, e);
        }
    }

    private static DatabaseException notBegun(Session session, SQLException e) {
        session.rollbackOrBreak();
        return session.failed(e, "beginning a transaction");
    }

    private static void commit(Session session) {
        try {
            session.commit();
        } catch (SQLException e) {
            throw session.failed(
                    e, "committing a transaction (whether it was committed is not known if the connection broke)");
        }
    }

    private static void compose(Backend backend, Statements... statements) {
        for (Statements part : statements) {
            part.all().forEach(statement -> statement.composed(Dialect.of(backend)));
        }
    }

    private static Sessions connect(DatabaseUrl url, Supplier<Schema> schema) {
        if (url instanceof DatabaseUrl.Sqlite sqlite) {
            return new SqliteSessions(
                    SqliteOpener.of(sqlite), schema, url.toString(), sqlite.isMemory(), sqlite.readers());
        }
        return PostgresSessions.of((DatabaseUrl.Postgres) url, schema);
    }
}
