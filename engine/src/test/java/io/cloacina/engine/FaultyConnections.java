package io.cloacina.engine;

import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections that break when a transaction is committed: before the commit arrives, or after it, so that nobody knows whether
 * it did. Which commits these are, the test says by their number.
 */
final class FaultyConnections implements DataSource {
    /** What becomes of a commit. */
    enum Fate {
        FINE,
        LOST,
        ANSWER_LOST
    }

    /** Decides by the number of the commit, from 1. */
    interface Fates {
        Fate of(int number);
    }

    private final TestDatabase test;
    private final Fates fates;
    private final AtomicInteger commits = new AtomicInteger();
    private final List<Connection> opened = new CopyOnWriteArrayList<>();
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean armed;
    private volatile String onOpening = "SELECT 1";

    FaultyConnections(TestDatabase test, Fates fates) {
        this.test = test;
        this.fates = fates;
    }

    /** From now on commits are counted. */
    void arm() {
        armed = true;
    }

    void disarm() {
        armed = false;
    }

    int commits() {
        return commits.get();
    }

    /** Runs a statement on each connection that is open, beside what it does, and on each that is opened later. */
    void onEach(String sql) throws SQLException {
        onOpening = sql;
        for (Connection connection : opened) {
            if (!connection.isClosed()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            }
        }
    }

    /** As {@link #onEach}, but each connection runs it before its next transaction, when nobody else uses it. */
    void beforeEachTransaction(String sql) {
        onOpening = sql;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = idle.poll();
        while (real != null && real.isClosed()) {
            real = idle.poll();
        }
        return real == null ? lent(open()) : lent(real);
    }

    private Connection open() throws SQLException {
        Connection real = test.jdbc();
        if (test.backend() == Backend.SQLITE) {
            try (Statement statement = real.createStatement()) {
                statement.execute("PRAGMA foreign_keys = ON");
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute(onOpening);
            }
        }
        opened.add(real);
        return real;
    }

    /** As pools do, for PostgreSQL, where opening one costs as much as a whole test step; one that has broken is not kept. */
    private void giveBack(Connection real, AtomicBoolean isBack) throws SQLException {
        if (test.backend() == Backend.SQLITE || real.isClosed()) {
            real.close();
        } else if (isBack.compareAndSet(false, true)) {
            if (!real.getAutoCommit()) {
                real.rollback();
                real.setAutoCommit(true);
            }
            idle.add(real);
        }
    }

    private Connection lent(Connection real) {
        AtomicBoolean isBack = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                FaultyConnections.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, given) -> {
                    Object result;
                    if (method.getName().equals("isWrapperFor")) {
                        return false;
                    }
                    if (method.getName().equals("close")) {
                        giveBack(real, isBack);
                        return null;
                    }
                    if (method.getName().equals("isClosed")) {
                        return isBack.get() || real.isClosed();
                    }
                    if (method.getName().equals("commit") && !real.getAutoCommit()) {
                        commit(real, real::commit);
                        return null;
                    }
                    try {
                        result = method.invoke(real, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (!method.getName().equals("prepareStatement")) {
                        return result;
                    }
                    PreparedStatement prepared = (PreparedStatement) result;
                    return switch ((String) given[0]) {
                        case "COMMIT" -> instead(prepared, () -> commit(real, prepared::executeUpdate));
                        case "BEGIN IMMEDIATE" ->
                            instead(prepared, () -> {
                                try (Statement statement = real.createStatement()) {
                                    statement.execute(onOpening);
                                }
                                prepared.executeUpdate();
                            });
                        default -> prepared;
                    };
                });
    }

    /** SQLite is told of transactions by statements. */
    private static PreparedStatement instead(PreparedStatement real, Committing execution) {
        return (PreparedStatement) Proxy.newProxyInstance(
                FaultyConnections.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, given) -> {
                    if (method.getName().equals("executeUpdate")) {
                        execution.run();
                        return 0;
                    }
                    try {
                        return method.invoke(real, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private interface Committing {
        void run() throws SQLException;
    }

    private void commit(Connection connection, Committing committing) throws SQLException {
        Fate fate = armed ? fates.of(commits.incrementAndGet()) : Fate.FINE;
        if (fate != Fate.LOST) {
            committing.run();
        }
        if (fate != Fate.FINE) {
            connection.close();
            throw new SQLException("the connection was closed on purpose", "08006");
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("nothing is wrapped");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
