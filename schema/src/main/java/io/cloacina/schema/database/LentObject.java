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
 * A statement, a result or the metadata of a lent connection: it leads back to that connection, not to the one beneath,
 * and is of no use once that was taken back.
 */
final class LentObject implements InvocationHandler {
    /** The most special one first. */
    private static final List<Class<?>> KINDS = List.of(
            CallableStatement.class, PreparedStatement.class, Statement.class, ResultSet.class, DatabaseMetaData.class);

    private final Object target;
    private final LentConnection owner;
    private final Connection lent;
    private final @Nullable Object parent;

    private LentObject(Object target, LentConnection owner, Connection lent, @Nullable Object parent) {
        this.target = target;
        this.owner = owner;
        this.lent = lent;
        this.parent = parent;
    }

    /**
     * Wraps what a method of the driver gave, if it leads to the connection.
     *
     * @param lent the connection as the application has it
     * @param parent the object as the application has it that gave it
     */
    static @Nullable Object wrap(
            @Nullable Object made, LentConnection owner, Connection lent, @Nullable Object parent) {
        for (Class<?> kind : KINDS) {
            if (kind.isInstance(made)) {
                if (made instanceof Statement statement) {
                    owner.lending().opened(statement);
                }
                return Proxy.newProxyInstance(
                        LentObject.class.getClassLoader(),
                        new Class<?>[] {kind},
                        new LentObject(made, owner, lent, parent));
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
        try {
            Object made = method.invoke(target, arguments);
            // What only the driver has is asked for by name, and is not what a proxy has.
            return name.equals("unwrap") ? made : wrap(made, owner, lent, proxy);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
