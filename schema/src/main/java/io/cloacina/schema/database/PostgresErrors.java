package io.cloacina.schema.database;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statement;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Reads PostgreSQL's errors: the SQLState tells the kind, the server's message the table and the constraint. */
final class PostgresErrors extends ErrorClassifier {
    PostgresErrors(Schema schema, String database) {
        super(schema, database);
    }

    @Override
    ErrorKind kind(SQLException e) {
        String state = causeOf(e).getSQLState();
        if (state == null || state.length() != 5) {
            return ErrorKind.CONNECTION; // the pool's own errors: no connection in time, or closed
        }
        return switch (state) {
            case "23505" -> ErrorKind.UNIQUE;
            case "23503", "23001" -> ErrorKind.FOREIGN_KEY;
            case "23502" -> ErrorKind.NOT_NULL;
            case "23514" -> ErrorKind.CHECK;
            case "40001", "40P01" -> ErrorKind.SERIALIZATION;
            case "55P03" -> ErrorKind.BUSY;
            case "25006" -> ErrorKind.READ_ONLY;
            case "53100" -> ErrorKind.DISK_FULL;
            case "42501" -> ErrorKind.PERMISSION;
            case "57P01", "57P02", "57P03", "57P05", "53300" -> ErrorKind.CONNECTION;
            case "3D000" -> ErrorKind.CONNECTION;
            default -> kindOfClass(state.substring(0, 2));
        };
    }

    private static ErrorKind kindOfClass(String sqlStateClass) {
        return switch (sqlStateClass) {
            case "08" -> ErrorKind.CONNECTION;
            case "28" -> ErrorKind.PERMISSION;
            case "22" -> ErrorKind.INVALID_VALUE;
            case "42", "26" -> ErrorKind.STATEMENT;
            case "XX" -> ErrorKind.DAMAGED;
            default -> ErrorKind.OTHER;
        };
    }

    @Override
    <P> Finding find(SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument) {
        ErrorKind kind = kind(e);
        if (causeOf(e) instanceof PSQLException postgres) {
            ServerErrorMessage server = postgres.getServerErrorMessage();
            if (server != null && server.getTable() != null) {
                return new Finding(
                        kind,
                        server.getTable(),
                        kind == ErrorKind.NOT_NULL ? server.getColumn() : server.getConstraint());
            }
        }
        return Finding.of(kind);
    }

    /** A batch wraps the error of its member; the pool wraps the driver's. */
    private static SQLException causeOf(SQLException e) {
        if (e instanceof BatchUpdateException && e.getNextException() != null) {
            return e.getNextException();
        }
        if (!(e instanceof PSQLException) && e.getCause() instanceof SQLException cause) {
            return cause;
        }
        return e;
    }
}
