package io.cloacina.schema.database;

import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The statements that one connection has prepared, in one form, by the ids of the statements. Used by one thread at a
 * time.
 */
final class StatementCache {
    private final Connection connection;
    private final Dialect dialect;
    private final Function<Composed<?, ?>, String> text;
    private @Nullable Prepared<?, ?>[] prepared = new Prepared<?, ?>[0];

    /** @param text returns the SQL of a statement in that form */
    StatementCache(Connection connection, Dialect dialect, Function<Composed<?, ?>, String> text) {
        this.connection = connection;
        this.dialect = dialect;
        this.text = text;
    }

    /** A statement that is prepared on the connection. */
    record Prepared<P, R>(Composed<P, R> composed, PreparedStatement statement, Row row) {}

    /** The prepared statement. One that was not prepared yet must belong to the given definitions. */
    @SuppressWarnings("unchecked") // the entry under a statement's id was made from that statement
    <P, R> Prepared<P, R> get(Statement<P, R> statement, @Nullable Definitions definitions) throws SQLException {
        int id = statement.id();
        Prepared<P, R> known = id < prepared.length ? (Prepared<P, R>) prepared[id] : null;
        return known != null ? known : prepare(statement, definitions);
    }

    private <P, R> Prepared<P, R> prepare(Statement<P, R> statement, @Nullable Definitions definitions)
            throws SQLException {
        if (definitions != null) {
            definitions.require(statement);
        }
        Composed<P, R> composed = statement.composed(dialect);
        PreparedStatement made = connection.prepareStatement(text.apply(composed));
        Prepared<P, R> ready = new Prepared<>(composed, made, composed.newRow());
        int id = statement.id();
        if (id >= prepared.length) {
            prepared = Arrays.copyOf(prepared, Math.max(id + 64, prepared.length * 2));
        }
        prepared[id] = ready;
        return ready;
    }

    /** Closes and forgets the prepared statements. */
    void close() throws SQLException {
        @Nullable Prepared<?, ?>[] made = prepared;
        prepared = new Prepared<?, ?>[0];
        for (@Nullable Prepared<?, ?> each : made) {
            if (each != null) {
                each.statement.close();
            }
        }
    }
}
