package io.cloacina.schema.database;

import io.cloacina.schema.database.StatementCache.Prepared;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.PayloadForm;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * A connection to SQLite. Transactions begin by prepared statements; the driver would prepare its own text each time.
 */
final class SqliteSession extends Session {
    private final SqliteOpener.Opened opened;
    private final PreparedStatement beginWrite;
    private final PreparedStatement beginRead;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final @Nullable SqliteIdentity identity;
    private boolean queryOnlyForNow;
    private boolean writes;
    private List<String> stateBefore = List.of();
    private boolean leftAttached;

    /** @param identity of the file that it writes; null for a session that only reads, or in memory */
    SqliteSession(SqliteOpener.Opened opened, ErrorClassifier errors, @Nullable SqliteIdentity identity)
            throws SQLException {
        super(opened.connection(), Dialect.of(Backend.SQLITE), errors);
        this.opened = opened;
        this.identity = identity;
        // A deferred transaction that reads first and then writes fails at once if another process wrote in between.
        this.beginWrite = connection().prepareStatement("BEGIN IMMEDIATE");
        this.beginRead = connection().prepareStatement("BEGIN");
        this.commit = connection().prepareStatement("COMMIT");
        this.rollback = connection().prepareStatement("ROLLBACK");
    }

    @Override
    void beginWrite() throws SQLException {
        beginWrite.executeUpdate();
        writes = true;
        if (identity != null) {
            identity.inTransaction();
        }
    }

    @Override
    void beginRead() throws SQLException {
        if (opened.forWriting()) {
            Pragma.set(connection(), "query_only", true);
            queryOnlyForNow = true;
        }
        beginRead.executeUpdate();
    }

    @Override
    void commit() throws SQLException {
        // A closed connection commits nothing, and SQLite has removed the log with it.
        if (writes && identity != null && !connection().isClosed()) {
            identity.require();
        }
        commit.executeUpdate();
        ended();
    }

    @Override
    void rollback() throws SQLException {
        try {
            rollback.executeUpdate();
        } catch (SQLException e) {
            // After some errors, such as a full disk, SQLite has already rolled back.
            if (!ErrorClassifier.firstLine(e).contains("no transaction is active")) {
                throw e;
            }
        }
        if (lender().hasLent()) {
            setBack(); // a rollback undoes temporary tables, but no settings
        }
        ended();
    }

    @Override
    void lend() throws SQLException {
        execute("SAVEPOINT lent");
        stateBefore = state();
    }

    @Override
    boolean takeBack(@Nullable Duration lockWait) throws SQLException {
        boolean isSame = true;
        try {
            execute("RELEASE lent");
        } catch (SQLException e) {
            if (!ErrorClassifier.firstLine(e).contains("no such savepoint")) {
                throw e;
            }
            isSame = false;
        }
        setBack();
        return isSame;
    }

    private List<String> state() {
        return find(SessionState.READ, NoArgument.NONE).orElseThrow();
    }

    private void setBack() throws SQLException {
        List<String> now = state();
        if (now.equals(stateBefore)) {
            return;
        }
        for (int pragma = 0; pragma < SessionState.PRAGMAS.size(); pragma++) {
            String before = stateBefore.get(pragma + 2);
            if (!before.equals(now.get(pragma + 2))) {
                Pragma.run(connection(), SessionState.PRAGMAS.get(pragma) + " = " + before);
            }
        }
        if (!now.get(0).equals(stateBefore.get(0))) {
            dropTemporary();
        }
        leftAttached = !now.get(1).equals(stateBefore.get(1));
    }

    /** Drops temporary objects, because a temporary table hides the table with the same name. */
    private void dropTemporary() throws SQLException {
        for (String made :
                texts("SELECT type || ' temp.\"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_temp_master"
                        + " WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                        + " ORDER BY type = 'table'")) {
            execute("DROP " + made);
        }
    }

    /** Detaches databases. Only after the transaction, because one that it has read stays attached until then. */
    private void detach() throws SQLException {
        Set<String> before = Set.of(stateBefore.get(1).split(" "));
        for (String name : texts("SELECT name FROM pragma_database_list WHERE name <> 'temp'")) {
            if (!before.contains(name)) {
                execute("DETACH \"" + name.replace("\"", "\"\"") + "\"");
            }
        }
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (java.sql.Statement asking = connection().createStatement();
                ResultSet answer = asking.executeQuery(sql)) {
            while (answer.next()) {
                texts.add(answer.getString(1));
            }
        }
        return texts;
    }

    @Override
    void giveUp() throws SQLException {
        try {
            for (PreparedStatement own : List.of(beginWrite, beginRead, commit, rollback)) {
                own.close();
            }
        } finally {
            opened.close();
        }
    }

    /**
     * Closes the connection, which rolls back, in one step of the library: after a separate rollback, the thread that
     * uses the connection could still write, and that would be stored.
     */
    @Override
    void tear() throws SQLException {
        SQLiteConnection physical = connection().unwrap(SQLiteConnection.class);
        // Ends a running statement, for which closing would wait.
        physical.getDatabase().interrupt();
        physical.close();
    }

    boolean isForWriting() {
        return opened.forWriting();
    }

    @Override
    <P> int[] batch(Statement<P, ?> statement, List<P> arguments) throws SQLException {
        return eachOf(prepared(statement), arguments, form());
    }

    @Override
    <P, R> List<Optional<R>> batchReturning(Statement<P, R> statement, List<P> arguments) {
        return SetStatements.oneByOne(this, statement, arguments);
    }

    /**
     * Runs the members one by one: there are no round trips to save, and the driver's batch would keep a copy of every
     * value.
     */
    static <P> int[] eachOf(Prepared<P, ?> single, List<P> arguments, PayloadForm form) throws SQLException {
        int[] counts = new int[arguments.size()];
        for (int member = 0; member < counts.length; member++) {
            single.composed().bind(single.statement(), arguments.get(member), form);
            try {
                counts[member] = single.statement().executeUpdate();
            } catch (SQLException e) {
                throw new MemberFailure(e, member);
            }
        }
        return counts;
    }

    private void ended() throws SQLException {
        writes = false;
        if (leftAttached) {
            leftAttached = false;
            detach();
        }
        if (queryOnlyForNow) {
            Pragma.set(connection(), "query_only", false);
            queryOnlyForNow = false;
        }
    }
}
