package io.cloacina.schema.database;

import io.cloacina.schema.type.Backend;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a transaction as the application sees it. It refuses methods that would end the transaction, or leave the
 * connection changed for its next user, and cannot be used once the transaction has ended.
 */
final class LentConnection implements InvocationHandler {
    private static final Set<String> REFUSED = Set.of(
            "abort",
            "beginRequest",
            "close",
            "commit",
            "endRequest",
            "rollback",
            "setAutoCommit",
            "setCatalog",
            "setClientInfo",
            "setHoldability",
            "setNetworkTimeout",
            "setReadOnly",
            "setSchema",
            "setShardingKey",
            "setShardingKeyIfValid",
            "setTransactionIsolation",
            "setTypeMap");

    private final Connection connection;
    private final ReadTransaction lender;
    private final Lending lending;
    private int savepoints;

    private LentConnection(Connection connection, ReadTransaction lender, Lending lending) {
        this.connection = connection;
        this.lender = lender;
        this.lending = lending;
    }

    /** Identifies a lent connection, also within wrappers of other libraries. */
    interface Lent {
        /** The transaction that lent it. */
        ReadTransaction lender();
    }

    static Connection of(Connection connection, ReadTransaction lender, Lending lending, @Nullable Connection known) {
        if (known != null && lenderOf(known) == lender) {
            return known;
        }
        return (Connection) Proxy.newProxyInstance(
                LentConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class, Lent.class},
                new LentConnection(connection, lender, lending));
    }

    Lending lending() {
        return lending;
    }

    /** Whether it cannot be used any more. */
    boolean isOver() {
        return lender.hasEnded() || lending.isOver();
    }

    /** The transaction of a lent connection; null for any other connection. */
    static @Nullable ReadTransaction lenderOf(Connection connection) {
        if (connection instanceof Lent lent) {
            return lent.lender();
        }
        try {
            return connection.isWrapperFor(Lent.class)
                    ? connection.unwrap(Lent.class).lender()
                    : null;
        } catch (SQLException e) {
            return null; // closed: the next use of the connection reports that
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        String name = method.getName();
        Object first = arguments == null ? null : arguments[0];
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, name, first);
        }
        if (name.equals("lender")) {
            return lender;
        }
        if (first instanceof Class<?> wanted && wanted.isInstance(proxy)) {
            return name.equals("isWrapperFor") ? (Object) true : proxy;
        }
        if (isOver()) {
            return ended(name);
        }
        // The connection is in a transaction. SQLite's driver does not know that, because a statement began it.
        if (name.equals("getAutoCommit")) {
            return false;
        }
        if (lender.dialect().backend() == Backend.SQLITE && isOfSavepoints(name, first)) {
            return onSqlite(name, first);
        }
        // Rolling back to a savepoint does not end the transaction; rollback() without one does.
        if (REFUSED.contains(name) && !isOfSavepoints(name, first)) {
            throw refused("has no " + name + "() here");
        }
        String prepared = first instanceof String sql && name.startsWith("prepare") ? sql : null;
        if (prepared != null) {
            requireNoEnd(prepared);
        }
        boolean isUndoing = name.equals("rollback");
        if (isOfSavepoints(name, first) && !isUndoing) {
            lending.requireWhole();
        }
        try {
            Object made = method.invoke(connection, arguments);
            if (isUndoing) {
                lending.undone();
            }
            return LentObject.wrap(made, this, (Connection) proxy, null, prepared);
        } catch (InvocationTargetException e) {
            throw noticed(e);
        }
    }

    /** What the driver threw; an error that aborts the transaction is remembered. */
    Throwable noticed(InvocationTargetException wrapper) {
        Throwable thrown = wrapper.getTargetException();
        if (thrown instanceof SQLException e && lender.session().isAbortedBy(e)) {
            lending.failed(e);
        }
        return thrown;
    }

    private Object ofObject(Object proxy, String name, @Nullable Object first) {
        return switch (name) {
            case "equals" -> proxy == first;
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "the connection of a transaction, " + connection;
        };
    }

    /** Refuses an SQL text that would end the transaction. */
    static void requireNoEnd(String sql) {
        TransactionControl.find(sql).ifPresent(word -> {
            throw refused("does not run " + word);
        });
    }

    private static DatabaseException refused(String what) {
        return new DatabaseException(
                ErrorKind.STATEMENT,
                "the connection of a transaction " + what
                        + ": the transaction ends, and the connection goes back, when the lambda that got the transaction,"
                        + " or the body of the transactional task, returns or throws; to undo a part of it, use a savepoint",
                null);
    }

    static Object ended(String name) {
        if (name.equals("isClosed")) {
            return true;
        }
        if (name.equals("isValid")) {
            return false;
        }
        throw new DatabaseException(
                ErrorKind.CLOSED,
                "the transaction of this connection has ended; use it only while the transaction lasts",
                null);
    }

    private static boolean isOfSavepoints(String name, @Nullable Object first) {
        return switch (name) {
            case "setSavepoint", "releaseSavepoint" -> true;
            case "rollback" -> first != null;
            default -> false;
        };
    }

    /**
     * Executes savepoints as statements, because the driver would take the first one for the beginning of a transaction, and
     * then begin the next one itself.
     */
    private @Nullable Object onSqlite(String name, @Nullable Object first) throws SQLException {
        boolean isUndoing = name.equals("rollback");
        if (!isUndoing) {
            lending.requireWhole();
        }
        if (name.equals("setSavepoint")) {
            SqliteSavepoint made = new SqliteSavepoint(++savepoints, (String) first);
            execute("SAVEPOINT " + made.sqlName());
            return made;
        }
        if (!(first instanceof SqliteSavepoint known)) {
            throw new SQLException("a savepoint of another connection");
        }
        execute((isUndoing ? "ROLLBACK TO " : "RELEASE ") + known.sqlName());
        if (isUndoing) {
            lending.undone();
        }
        return null;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A savepoint of SQLite that was set by a statement. */
    private record SqliteSavepoint(int number, @Nullable String name) implements Savepoint {
        String sqlName() {
            return "lent_" + number;
        }

        @Override
        public int getSavepointId() throws SQLException {
            if (name != null) {
                throw new SQLException("the savepoint has a name: " + name);
            }
            return number;
        }

        @Override
        public String getSavepointName() throws SQLException {
            if (name == null) {
                throw new SQLException("the savepoint has no name");
            }
            return name;
        }
    }
}
