package io.cloacina.schema.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;

/**
 * The connection of a transaction as the application gets it: all but what would end the transaction, or leave the connection
 * changed for whoever gets it next.
 */
final class LentConnection {
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

    private LentConnection() {}

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                LentConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    // Going back to a savepoint does not end the transaction; rollback() without one does.
                    boolean toSavepoint = method.getName().equals("rollback") && arguments != null;
                    if (REFUSED.contains(method.getName()) && !toSavepoint) {
                        throw new DatabaseException(
                                ErrorKind.STATEMENT,
                                "the connection of a transaction has no " + method.getName()
                                        + "() here: the transaction ends, and the connection goes back, when the lambda"
                                        + " that got the transaction returns or throws",
                                null);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
