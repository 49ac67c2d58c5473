package io.cloacina.schema.database;

import io.cloacina.schema.database.Gate.Purpose;
import io.cloacina.schema.internal.ArgumentChecks;
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
 * An open SQLite or PostgreSQL database. Thread safe. Close it to close its connections.
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
    /** The key of the PostgreSQL advisory lock that a transaction holds while it changes the schema. */
    public static final long ALTERATION_LOCK = 0x636c6f6163696e61L;

    /** The PostgreSQL notification channel on which notifications are sent. */
    static final String CHANNEL = "cloacina";

    static final Statements OWN_STATEMENTS = new Statements("database");

    /**
     * Sends a notification, of at most 7,000 bytes, to all listeners ({@link #listen}) when the transaction commits. On
     * SQLite nothing is sent: listeners notice the commit itself. When a transaction that sent one commits, PostgreSQL
     * takes a lock for the whole server.
     */
    public static final Select<String, Integer> NOTIFY = OWN_STATEMENTS.nativeSelect(
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
    private final Subscriptions subscriptions;
    private final TransactionRunner runner;

    private Database(Sessions sessions, Definitions definitions, String name) {
        this.sessions = sessions;
        this.definitions = definitions;
        this.name = name;
        this.gate = new Gate(sessions, name);
        this.subscriptions = new Subscriptions(gate);
        this.runner = new TransactionRunner(gate, sessions, definitions);
    }

    /**
     * Opens the database that the URL names, see {@link DatabaseUrl#FORMS}, and composes the given statements. Only
     * these, and those of {@link #compose}, can run; if none are given, any can, composed when it first runs.
     *
     * @throws DatabaseException if the URL is not valid or the database cannot be reached
     * @throws io.cloacina.schema.sql.StatementException if a statement cannot be composed, or names a table that is
     *     neither in the schema nor one of Cloacina's; the message names the statement
     */
    public static Database open(String url, Statements... statements) {
        return openUrl(url, null, statements);
    }

    /** As {@link #open(String, Statements...)}, for an application's tables, which may be beside Cloacina's. */
    public static Database open(String url, Schema schema, Statements... statements) {
        return openUrl(url, ArgumentChecks.given("the schema", schema), statements);
    }

    private static Database openUrl(String url, @Nullable Schema schema, Statements... statements) {
        DatabaseUrl parsed = DatabaseUrl.parse(ArgumentChecks.given("the URL of the database", url));
        String name = parsed.toString();
        Definitions made = new Definitions(schema, Dialect.of(parsed.backend()), name, statements);
        return new Database(Interrupts.kept(() -> connect(parsed, made::allTables)), made, name);
    }

    /** Opens a database on a data source, which the caller closes. On SQLite it uses up to five connections. */
    public static Database open(DataSource source, Statements... statements) {
        return openSource(source, null, statements);
    }

    /** As {@link #open(DataSource, Statements...)}, for the tables of an application. */
    public static Database open(DataSource source, Schema schema, Statements... statements) {
        return openSource(source, ArgumentChecks.given("the schema", schema), statements);
    }

    private static Database openSource(DataSource source, @Nullable Schema schema, Statements... statements) {
        DataSource required = ArgumentChecks.given("the data source", source);
        ArgumentChecks.all("the statements", statements);
        GivenSource given = Interrupts.kept(() -> GivenSource.lookAt(required));
        Definitions made = new Definitions(schema, Dialect.of(given.backend()), given.name(), statements);
        return new Database(Interrupts.kept(() -> given.connect(made::allTables)), made, given.name());
    }

    /**
     * Composes further statements, which can then run: for a part of the program such as an engine.
     *
     * @throws io.cloacina.schema.sql.StatementException as when the database is opened with them
     */
    public void compose(Statements... statements) {
        definitions.compose(statements);
    }

    /**
     * Sets how payloads (values and texts of users) are stored from now on; stored rows do not change. The engine that
     * uses the database calls it; tools that read or copy rows leave it at {@link PayloadForm#PLAIN}.
     */
    public void storePayloads(PayloadForm as) {
        definitions.storePayloads(ArgumentChecks.given("the form of payloads", as));
    }

    /** How payloads are stored, see {@link #storePayloads}. */
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

    /** The tables that the database was opened with; Cloacina's by default. */
    public Schema schema() {
        return definitions.schema();
    }

    /** The tables of the application that the database was opened with; empty if it was opened without. */
    public Optional<Schema> ownSchema() {
        return definitions.ownSchema();
    }

    /**
     * Whether the calling thread is in a transaction that would block a write of another thread: one of this database
     * or, on SQLite, a write transaction on the same file by another {@code Database}.
     */
    public boolean isHeldByThisThread() {
        return gate.isHeldByThisThread();
    }

    /** Runs a select and returns all rows. */
    public <P, R> List<R> list(Select<P, R> select, P argument) {
        return runner.readOne(Session::list, select, argument);
    }

    /** Runs a select without argument and returns all rows. */
    public <R> List<R> list(Select<NoArgument, R> select) {
        return list(select, NoArgument.NONE);
    }

    /** Runs a select and returns its only row; empty if there is none. */
    public <P, R> Optional<R> find(Select<P, R> select, P argument) {
        return runner.readOne(Session::find, select, argument);
    }

    /** Runs {@code work} in a read transaction, whose selects all see one snapshot. */
    public <R> R read(Function<ReadTransaction, R> work) {
        return runner.inTransaction(
                Purpose.READING,
                Sessions::reader,
                Session::beginReading,
                Session::commitOrFail,
                Session::rollbackOrBreak,
                work);
    }

    /** Runs {@code work} in a transaction: committed when {@code work} returns, rolled back when it throws. */
    public <R> R write(Function<WriteTransaction, R> work) {
        return runner.inTransaction(
                Purpose.WRITING,
                Sessions::writer,
                Session::beginWriting,
                Session::commitOrFail,
                Session::rollbackOrBreak,
                work);
    }

    /**
     * As {@link #write}, but independent of other transactions of this process. On PostgreSQL it uses a connection
     * reserved for this purpose, which the first call opens (from the data source, if there is one); one such
     * transaction runs at a time. On SQLite, which has one writer, it waits as {@link #write} does.
     */
    public <R> R writeApart(Function<WriteTransaction, R> work) {
        return runner.inTransaction(
                Purpose.WRITING,
                Sessions::apart,
                Session::beginWriting,
                Session::commitOrFail,
                Session::rollbackOrBreak,
                work);
    }

    /**
     * How many transactions can be open at once, beside the reserved connections ({@link #writeApart},
     * {@link #listen}). Empty on SQLite, which has one writer, and for a data source that does not reveal it.
     */
    public OptionalInt connections() {
        return sessions.connections();
    }

    /**
     * Runs {@code work} inside a transaction of the application, on its connection: its statements are committed or
     * rolled back with that. When {@code work} throws, only its changes are undone.
     *
     * <p>The connection may also be that of a transaction of this layer, such as {@link WriteTransaction#connection()},
     * and joins may be nested. On SQLite, a transaction that has not written yet may fail with {@link ErrorKind#BUSY},
     * unless it was begun with {@code transaction_mode=IMMEDIATE}; foreign keys are enforced only if the connection has
     * {@code foreign_keys=true}; and {@link #write} would wait for the transaction to end.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if the connection is in auto-commit mode or to
     *     another database, or if this thread is in a transaction of this database
     */
    public <R> R join(Connection connection, Function<WriteTransaction, R> work) {
        ArgumentChecks.given("the connection", connection);
        ArgumentChecks.given("the work", work);
        WriteTransaction open = joined.find(connection, definitions);
        return open != null
                ? open.within(work)
                : runner.inTransaction(
                        Purpose.JOINING,
                        all -> JoinedSession.of(all, connection, name),
                        Session::beginWriting,
                        Session::commitOrFail,
                        Session::rollbackOrBreak,
                        transaction -> joined.during(connection, transaction, work));
    }

    /**
     * Returns the database error that caused an exception: the first {@link java.sql.SQLException} of a driver among it
     * and its causes, classified. Empty if there is none.
     */
    public Optional<DatabaseException> causeOf(Throwable thrown) {
        return sessions.causeOf(ArgumentChecks.given("the exception", thrown));
    }

    /**
     * Listens for commits, of this process and others, until the result or the database is closed. Notifications may be
     * lost, late or spurious: they do not replace polling. On PostgreSQL a notification is the text that was sent with
     * {@link #NOTIFY}; on SQLite it is empty. An empty notification, which the first one is, means that anything may
     * have changed. A database in memory sends no notifications.
     *
     * <p>This reserves a connection, from the data source if there is one. A single thread calls {@code handler}, and
     * delivers nothing else in the meantime; an exception is logged.
     */
    public Subscription listen(Consumer<String> handler) {
        return subscriptions.begin(sessions, ArgumentChecks.given("the handler", handler));
    }

    /**
     * Runs a change of the schema: a write transaction while no other schema change runs, on PostgreSQL not even in
     * other processes. Foreign keys are checked at its end.
     */
    public <R> R alter(Function<WriteTransaction, R> work) {
        return runner.inTransaction(
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
     * Registers a part of the program that needs the database until the result is closed, such as an engine that runs:
     * meanwhile the database cannot be closed.
     *
     * @param by names it in the message about that
     * @throws DatabaseException of kind {@link ErrorKind#CLOSED} if the database is closed
     */
    public Use use(String by) {
        return gate.use(ArgumentChecks.given("the name of the user", by));
    }

    /**
     * Stops listening, waits for open transactions, and closes every connection. Does nothing if it is closed.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if this thread is in a transaction of this
     *     database, or an engine uses it ({@link #use}), which must be closed first
     */
    @Override
    public void close() {
        gate.shut();
        subscriptions.end(Subscription::close);
        gate.whenEmpty(sessions::close);
    }

    /**
     * As {@link #close()}, but takes at most {@code atMost} and a quarter of a second: then open transactions fail,
     * because their connections are closed. A connection that its driver keeps even then is closed later, without
     * waiting.
     *
     * @return whether everything was closed in time
     */
    public boolean closeWithin(Duration atMost) {
        ArgumentChecks.given("the time", atMost);
        gate.shut();
        long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost);
        subscriptions.end(subscription -> subscription.closeWithin(Duration.ofNanos(until - System.nanoTime())));
        return gate.emptyWithin(until, sessions::close);
    }

    /**
     * Closes the connection of another thread's transaction: it is rolled back, the thread gets errors, and its place
     * in the pool is free. Does nothing if it has ended, or if the database is in memory, and would be lost.
     */
    public void cutOff(WriteTransaction transaction) {
        sessions.cutOff(ArgumentChecks.given("the transaction", transaction).session(), transaction);
    }

    /** The URL without password and settings. */
    @Override
    public String toString() {
        return name;
    }

    private static Sessions connect(DatabaseUrl url, Supplier<Schema> schema) {
        if (url instanceof DatabaseUrl.Sqlite sqlite) {
            return SqliteSessions.of(sqlite, schema);
        }
        return PostgresSessions.of((DatabaseUrl.Postgres) url, schema);
    }
}
