package io.cloacina.schema.database;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statement;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Reads PostgreSQL's errors: the SQLState determines the kind, the server's message the table and the constraint. */
final class PostgresErrors extends ErrorClassifier {
    /** The names that the driver gives to statements on the server. */
    private static final Pattern NAME_OF_DRIVER = Pattern.compile("\\bS_\\d+\\b");

    private final String moreConnections;

    /** @param moreConnections what a user can do to get more connections, as the end of a sentence */
    PostgresErrors(Supplier<Schema> schema, String database, String moreConnections) {
        super(schema, database);
        this.moreConnections = moreConnections;
    }

    @Override
    Finding find(SQLException e) {
        ErrorKind kind = kind(e);
        if (e instanceof PSQLException postgres) {
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

    @Override
    <P> Finding find(SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument) {
        return find(e);
    }

    private static ErrorKind kind(SQLException e) {
        String state = e.getSQLState();
        if (e instanceof SQLTransientConnectionException && e.getCause() == null) {
            return ErrorKind.BUSY; // from the pool: no connection was returned to it in time
        }
        if (isOfServerStatement(e)) {
            return ErrorKind.CONNECTION; // another connection, which has not prepared statements on the server, works
        }
        if (state == null || state.length() != 5) {
            return ErrorKind.CONNECTION; // an error of the pool or the driver: no connection, or it is closed
        }
        return switch (state) {
            case "23505" -> ErrorKind.UNIQUE;
            case "23503", "23001" -> ErrorKind.FOREIGN_KEY;
            case "23502" -> ErrorKind.NOT_NULL;
            case "23514" -> ErrorKind.CHECK;
            case "40001", "40P01" -> ErrorKind.SERIALIZATION;
            // 57014: cancelled by statement_timeout or pg_cancel_backend; a retry may succeed
            case "55P03", "57014" -> ErrorKind.BUSY;
            case "25006" -> ErrorKind.READ_ONLY;
            case "25P02" -> ErrorKind.ROLLED_BACK;
            case "53100" -> ErrorKind.DISK_FULL;
            case "42501" -> ErrorKind.PERMISSION;
            case "3D000", "40003", "53300" -> ErrorKind.CONNECTION;
            // the server ended the session: shutdown, crash, dropped database, idle or too long a transaction
            case "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04" -> ErrorKind.CONNECTION;
            case "XX001", "XX002" -> ErrorKind.DAMAGED;
            default -> kindOfClass(state.substring(0, 2));
        };
    }

    private static ErrorKind kindOfClass(String sqlStateClass) {
        return switch (sqlStateClass) {
            case "08" -> ErrorKind.CONNECTION;
            case "28" -> ErrorKind.PERMISSION;
            case "22" -> ErrorKind.INVALID_VALUE;
            case "0A", "26", "3F", "42" -> ErrorKind.STATEMENT;
            default -> ErrorKind.OTHER;
        };
    }

    /**
     * A batch wraps the error of its member, with the values of the whole batch in its text; a pool wraps the error of the
     * driver.
     */
    @Override
    SQLException essence(SQLException e) {
        if (e instanceof BatchUpdateException && e.getNextException() != null) {
            return e.getNextException();
        }
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof PSQLException postgres) {
                return postgres;
            }
        }
        return e;
    }

    @Override
    boolean isOfDatabase(SQLException e) {
        return essence(e) instanceof PSQLException postgres && postgres.getServerErrorMessage() != null;
    }

    /**
     * Whether the server lacks a statement that the driver has prepared, or has it already: then a pooler exchanged
     * connections.
     */
    static boolean isOfServerStatement(SQLException e) {
        return ("26000".equals(e.getSQLState()) || "42P05".equals(e.getSQLState()))
                && NAME_OF_DRIVER.matcher(firstLine(e)).find();
    }

    @Override
    String connection(String database, SQLException e) {
        String line = firstLine(e);
        if (isOfServerStatement(e)) {
            return "a pooler between this process and " + database + " gives each transaction another connection of the"
                    + " server, which does not have the statements prepared before: write prepareThreshold=0 in the"
                    + " URL (" + line + ")";
        }
        if (line.contains("statement pooling mode")) {
            return "the pooler between this process and " + database + " allows no transactions: set its pool_mode to"
                    + " transaction or session (" + line + ")";
        }
        if (line.contains("unsupported startup parameter")) {
            return "the pooler between this process and " + database
                    + " does not accept this setting of a connection: leave it"
                    + " out of the URL, and set it on the server instead, such as ALTER ROLE … SET … (" + line + ")";
        }
        if (e.getCause() instanceof UnknownHostException cause) {
            return "no connection to " + database + ": there is no host named " + cause.getMessage();
        }
        if (e.getCause() instanceof IOException cause && !line.contains(String.valueOf(cause.getMessage()))) {
            return super.connection(database, e) + " " + cause.getMessage();
        }
        return super.connection(database, e);
    }

    @Override
    String busy(String database, SQLException e) {
        if ("57014".equals(e.getSQLState())) {
            return database
                    + " cancelled a statement, which took longer than the role's statement_timeout allows or was"
                    + " cancelled by an administrator (" + firstLine(e) + "); try again, or raise it: ALTER ROLE … SET"
                    + " statement_timeout";
        }
        return e instanceof PSQLException
                ? "a lock in " + database + " is held by another transaction for longer than lock_timeout; try again"
                : "all connections to " + database + " are in use; try again, or " + moreConnections;
    }
}
