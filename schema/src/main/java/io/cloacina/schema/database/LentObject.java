package io.cloacina.schema.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement, a result or the metadata of a lent connection. It returns the lent connection, not the real one, and
 * cannot be used once that was taken back.
 */
final class LentObject implements InvocationHandler {
    /** The most specific one first. */
    private static final List<Class<?>> KINDS = List.of(
            CallableStatement.class, PreparedStatement.class, Statement.class, ResultSet.class, DatabaseMetaData.class);

    private final Object target;
    private final LentConnection owner;
    private final Connection lent;
    private final @Nullable Object parent;
    private final @Nullable String prepared;

    private LentObject(
            Object target, LentConnection owner, Connection lent, @Nullable Object parent, @Nullable String prepared) {
        this.target = target;
        this.owner = owner;
        this.lent = lent;
        this.parent = parent;
        this.prepared = prepared;
    }

    /**
     * Wraps an object that a method of the driver returned, if the connection can be reached from it.
     *
     * @param lent the connection that the application sees
     * @param parent the wrapper of the object that returned it
     * @param prepared the SQL text of a prepared statement
     */
    static @Nullable Object wrap(
            @Nullable Object made,
            LentConnection owner,
            Connection lent,
            @Nullable Object parent,
            @Nullable String prepared) {
        for (Class<?> kind : KINDS) {
            if (kind.isInstance(made)) {
                if (made instanceof Statement statement) {
                    owner.lending().opened(statement);
                }
                return Proxy.newProxyInstance(
                        LentObject.class.getClassLoader(),
                        new Class<?>[] {kind},
                        new LentObject(made, owner, lent, parent, prepared));
            }
        }
        return made;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        String name = method.getName();
        Object first = arguments == null ? null : arguments[0];
        if (method.getDeclaringClass() == Object.class) {
            return switch (name) {
                case "equals" -> proxy == first;
                case "hashCode" -> System.identityHashCode(proxy);
                default -> target.toString();
            };
        }
        if (name.equals("close") && target instanceof Statement statement) {
            owner.lending().closed(statement);
        }
        if (owner.isOver()) {
            return name.equals("close") ? null : LentConnection.ended(name);
        }
        if (name.equals("getConnection")) {
            return lent;
        }
        if (name.equals("getStatement") && parent instanceof Statement) {
            return parent;
        }
        if (first instanceof Class<?> wanted && wanted.isInstance(proxy)) {
            return name.equals("isWrapperFor") ? (Object) true : proxy;
        }
        if (first instanceof String sql && (name.startsWith("execute") || name.equals("addBatch"))) {
            LentConnection.requireNoEnd(sql);
        }
        boolean isUndoing = isUndoing(name, first);
        try {
            Object made = method.invoke(target, arguments);
            if (isUndoing) {
                owner.lending().undone();
            }
            // Code that unwraps an object of the driver needs methods that a proxy does not have.
            return name.equals("unwrap") ? made : wrap(made, owner, lent, proxy, null);
        } catch (InvocationTargetException e) {
            throw owner.noticed(e);
        }
    }

    /**
     * Whether this call rolls back to a savepoint after an error.
     *
     * @throws TransactionAbortedException if it runs anything else then
     */
    private boolean isUndoing(String name, @Nullable Object first) throws TransactionAbortedException {
        if (owner.lending().failure() == null || !(target instanceof Statement) || !name.startsWith("execute")) {
            return false;
        }
        String sql = first instanceof String given ? given : prepared;
        if (sql == null || !TransactionControl.undoesPart(sql)) {
            owner.lending().requireWhole();
        }
        return true;
    }
}
