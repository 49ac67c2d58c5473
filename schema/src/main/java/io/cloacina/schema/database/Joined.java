package io.cloacina.schema.database;

import java.sql.Connection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The transactions of the application that are joined now, by their connections as the application has them. Thread safe. */
final class Joined {
    private final Map<Connection, WriteTransaction> open = Collections.synchronizedMap(new IdentityHashMap<>());

    /** The transaction of this layer that the connection is in, if it is in one of these definitions. */
    @Nullable
    WriteTransaction find(Connection connection, Definitions definitions) {
        return LentConnection.lenderOf(connection) instanceof WriteTransaction own
                        && own.session().isUsedFor(definitions)
                ? own
                : open.get(connection);
    }

    <R> R during(Connection connection, WriteTransaction transaction, Function<WriteTransaction, R> work) {
        open.put(connection, transaction);
        try {
            return work.apply(transaction);
        } finally {
            open.remove(connection);
        }
    }
}
