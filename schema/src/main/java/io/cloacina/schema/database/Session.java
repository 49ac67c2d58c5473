package io.cloacina.schema.database;

import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.InvalidValueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One physical connection with its prepared statements. Used by one thread at a time. */
abstract class Session {
    private final Connection connection;
    private final Dialect dialect;
    private final ErrorClassifier errors;
    private @Nullable Prepared<?, ?>[] prepared = new Prepared<?, ?>[0];
    private @Nullable Connection lent;
    private boolean broken;

    Session(Connection connection, Dialect dialect, ErrorClassifier errors) {
        this.connection = connection;
        this.dialect = dialect;
        this.errors = errors;
    }

    /** A statement as this connection holds it. */
    private record Prepared<P, R>(Composed<P, R> composed, PreparedStatement statement, Row row) {}

    /** Begins a transaction that may write. */
    abstract void beginWrite() throws SQLException;

    /** Begins a transaction that only reads, from one snapshot. */
    abstract void beginRead() throws SQLException;

    abstract void commit() throws SQLException;

    abstract void rollback() throws SQLException;

    /** Leaves the physical connection as it was got and gives it up. */
    abstract void giveUp() throws SQLException;

    /** Runs a batch; the counts are those of its members, in order. */
    abstract <P> int[] batch(PreparedStatement statement, Composed<P, ?> composed, List<P> arguments)
            throws SQLException;

    final Connection connection() {
        return connection;
    }

    /** The connection as a transaction shows it; the same in all of them. */
    final Connection lentConnection() {
        Connection known = lent;
        if (known == null) {
            known = LentConnection.of(connection);
            lent = known;
        }
        return known;
    }

    /** Whether the connection is of no more use. */
    final boolean isBroken() {
        return broken;
    }

    final <P, R> List<R> list(Statement<P, R> statement, P argument) {
        try {
            Prepared<P, R> ready = prepare(statement);
            ready.composed.bind(ready.statement, argument);
            try (ResultSet result = ready.statement.executeQuery()) {
                return ready.composed.readAll(result, ready.row);
            }
        } catch (SQLException e) {
            throw failed(e, statement, argument);
        } catch (InvalidValueException e) {
            throw invalid(e, statement);
        }
    }

    /** The only row, read without a list around it: most reads are of one row. */
    final <P, R> Optional<R> find(Statement<P, R> statement, P argument) {
        try {
            Prepared<P, R> ready = prepare(statement);
            ready.composed.bind(ready.statement, argument);
            try (ResultSet result = ready.statement.executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                R only = ready.composed.readCurrent(result, ready.row);
                if (result.next()) {
                    throw new DatabaseException(
                            ErrorKind.STATEMENT,
                            "statement " + statement + " found more than one row where one is expected",
                            null);
                }
                return Optional.of(only);
            }
        } catch (SQLException e) {
            throw failed(e, statement, argument);
        } catch (InvalidValueException e) {
            throw invalid(e, statement);
        }
    }

    final <P> int execute(Statement<P, ?> statement, P argument) {
        try {
            Prepared<P, ?> ready = prepare(statement);
            ready.composed.bind(ready.statement, argument);
            return ready.statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e, statement, argument);
        } catch (InvalidValueException e) {
            throw invalid(e, statement);
        }
    }

    final <P> int[] executeBatch(Statement<P, ?> statement, List<P> arguments) {
        try {
            Prepared<P, ?> ready = prepare(statement);
            return batch(ready.statement, ready.composed, arguments);
        } catch (MemberFailure e) {
            throw failed(e.failure, statement, arguments.get(e.member));
        } catch (SQLException e) {
            throw failed(e, statement, null);
        } catch (InvalidValueException e) {
            throw invalid(e, statement);
        }
    }

    /** Classifies an error of this connection outside any statement. */
    final DatabaseException failed(SQLException e, String doing) {
        DatabaseException classified = errors.classify(e, doing);
        noticed(classified);
        return classified;
    }

    /** Rolls back; a connection that does not even do that is of no more use. */
    final void rollbackOrBreak() {
        try {
            rollback();
        } catch (SQLException e) {
            Database.LOG.debug("rolling back failed", e);
            broken = true;
        }
    }

    /** Says that the connection is of no more use. */
    final void setBroken() {
        broken = true;
    }

    final void close() {
        try {
            closeStatements();
            giveUp();
        } catch (SQLException e) {
            Database.LOG.debug("closing a connection failed", e);
        }
    }

    /** Forgets and closes what was prepared. */
    final void closeStatements() throws SQLException {
        @Nullable Prepared<?, ?>[] made = prepared;
        prepared = new Prepared<?, ?>[0];
        for (Prepared<?, ?> each : made) {
            if (each != null) {
                each.statement.close();
            }
        }
    }

    private <P> DatabaseException failed(SQLException e, Statement<P, ?> statement, @Nullable P argument) {
        DatabaseException classified = errors.classify(e, this, statement, argument);
        noticed(classified);
        return classified;
    }

    private void noticed(DatabaseException e) {
        broken |= e.kind() == ErrorKind.CONNECTION;
    }

    final Dialect dialect() {
        return dialect;
    }

    private static DatabaseException invalid(InvalidValueException e, Statement<?, ?> statement) {
        return new DatabaseException(
                ErrorKind.INVALID_VALUE, e.getMessage() + " (statement " + statement.name() + ")", e);
    }

    @SuppressWarnings("unchecked") // the entry under a statement's id was made from that statement
    private <P, R> Prepared<P, R> prepare(Statement<P, R> statement) throws SQLException {
        int id = statement.id();
        if (id < prepared.length) {
            Prepared<P, R> known = (Prepared<P, R>) prepared[id];
            if (known != null) {
                return known;
            }
        } else {
            prepared = Arrays.copyOf(prepared, Math.max(id + 64, prepared.length * 2));
        }
        Composed<P, R> composed = statement.composed(dialect);
        Prepared<P, R> made = new Prepared<>(composed, connection.prepareStatement(composed.sql()), composed.newRow());
        prepared[id] = made;
        return made;
    }

    /** An error of one member of a batch. */
    static final class MemberFailure extends SQLException {
        private static final long serialVersionUID = 1L;

        private final transient SQLException failure;
        private final int member;

        MemberFailure(SQLException failure, int member) {
            super(failure);
            this.failure = failure;
            this.member = member;
        }
    }
}
