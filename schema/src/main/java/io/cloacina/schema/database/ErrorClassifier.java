package io.cloacina.schema.database;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Turns what a driver throws into a {@link DatabaseException} that means the same on both backends. */
abstract class ErrorClassifier {
    private final Schema schema;
    private final String database;

    ErrorClassifier(Schema schema, String database) {
        this.schema = schema;
        this.database = database;
    }

    /** What a driver's error says: its kind and, for a constraint, where. */
    record Finding(
            ErrorKind kind,
            @Nullable String table,
            @Nullable String constraint) {
        static Finding of(ErrorKind kind) {
            return new Finding(kind, null, null);
        }
    }

    /** Reads the error of a statement; {@code argument} is null when it is not known. */
    abstract <P> Finding find(SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument);

    /** Reads an error outside any statement. */
    abstract ErrorKind kind(SQLException e);

    final Schema schema() {
        return schema;
    }

    final <P> DatabaseException classify(
            SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument) {
        Finding found = find(e, session, statement, argument);
        String message = describe(found, e) + " (statement " + statement.name() + ")";
        return new DatabaseException(found.kind, message, found.table, found.constraint, e);
    }

    final DatabaseException classify(SQLException e, String doing) {
        Finding found = Finding.of(kind(e));
        return new DatabaseException(found.kind, doing + ": " + describe(found, e), e);
    }

    private String describe(Finding found, SQLException e) {
        String at = found.constraint + " of table " + found.table;
        return switch (found.kind) {
            case UNIQUE -> "a row with the same key exists: unique key " + at;
            case FOREIGN_KEY ->
                found.constraint == null
                        ? "a foreign key is violated: a row refers to one that is not there, table " + found.table
                        : "foreign key " + at + " is violated: a row refers to one that is not there";
            case NOT_NULL -> "NULL in NOT NULL column " + at;
            case CHECK -> "check " + at + " does not hold";
            case BUSY -> database + " is locked by another process; try again, or raise busy_timeout";
            case SERIALIZATION -> "the transaction lost against a concurrent one; run it again";
            case CONNECTION -> "no connection to " + database + ": " + firstLine(e);
            case READ_ONLY -> database + " cannot be written: the file, its folder or the server is read-only";
            case DISK_FULL -> "no space is left for " + database;
            case DAMAGED -> database + " is not a database or is damaged: " + firstLine(e);
            case PERMISSION -> database + " refused: " + firstLine(e);
            case STATEMENT ->
                "the statement does not fit " + database + ": " + firstLine(e)
                        + "; is its schema up to date? (cloacina schema check)";
            default -> firstLine(e);
        };
    }

    static String firstLine(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("");
    }
}
