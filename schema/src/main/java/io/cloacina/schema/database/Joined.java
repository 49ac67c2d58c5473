package io.cloacina.schema.database;

import java.sql.Connection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The transactions of the application that are joined now, by the connections that the application sees. Thread safe. */
final class Joined {
    private final Map<Connection, Open> open = Collections.synchronizedMap(new IdentityHashMap<>());

    private record Open(Thread thread, WriteTransaction transaction) {}

    /**
     * The transaction of this layer on that connection, if it belongs to this thread and has these definitions; otherwise null.
     */
    @Nullable
    WriteTransaction find(Connection connection, Definitions definitions) {
        if (LentConnection.lenderOf(connection) instanceof WriteTransaction own
                && own.session().isUsedFor(definitions)) {
            return own;
        }
        Open known = open.get(connection);
        return known != null && known.thread() == Thread.currentThread() ? known.transaction() : null;
    }

    <R> R during(Connection connection, WriteTransaction transaction, Function<WriteTransaction, R> work) {
        open.put(connection, new Open(Thread.currentThread(), transaction));
        try {
            return work.apply(transaction);
        } finally {
            open.remove(connection);
        }
    }
}
