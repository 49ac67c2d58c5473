package io.cloacina.schema.database;

import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Converts an error of a driver to a {@link DatabaseException} that means the same on both backends. */
abstract class ErrorClassifier {
    static final String COMMITTING =
            "committing a transaction (whether it was committed is not known if the connection broke)";

    private final Supplier<Schema> schema;
    private final String database;

    ErrorClassifier(Supplier<Schema> schema, String database) {
        this.schema = schema;
        this.database = database;
    }

    /** What was found in a driver's error: its kind and, for a constraint, the table and the name. */
    record Finding(
            ErrorKind kind,
            @Nullable String table,
            @Nullable String constraint) {
        static Finding of(ErrorKind kind) {
            return new Finding(kind, null, null);
        }
    }

    /** Reads an error without further queries. */
    abstract Finding find(SQLException e);

    /** Reads the error of a statement; {@code argument} is null when it is not known. */
    abstract <P> Finding find(SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument);

    /** The most specific error, without those that only wrap it. */
    abstract SQLException essence(SQLException e);

    /** Whether an error is of the database, which then aborts a transaction on PostgreSQL, and not of the driver. */
    abstract boolean isOfDatabase(SQLException e);

    /** The error that an application got, or the one before it that was the reason. */
    private SQLException reason(SQLException e) {
        return essence(e instanceof TransactionAbortedException aborted ? aborted.first() : e);
    }

    final Schema schema() {
        return schema.get();
    }

    final <P> DatabaseException classify(
            SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument) {
        SQLException essence = reason(e);
        Finding found = find(essence, session, statement, argument);
        return made(found, describe(found, essence) + " (statement " + statement.name() + ")", essence);
    }

    /**
     * Classifies the error of several statements that were sent together. It names those that may be meant by the table of the
     * error, or all of them.
     */
    final DatabaseException classify(SQLException e, List<Composed<?, ?>> statements, boolean andCommit) {
        SQLException essence = reason(e);
        Finding found = find(essence);
        List<Composed<?, ?>> meant =
                statements.stream().filter(each -> mayMean(each, found)).toList();
        String names = (meant.isEmpty() ? statements : meant)
                .stream().map(Composed::name).distinct().collect(Collectors.joining(", "));
        String doing = andCommit && found.table == null ? COMMITTING + ": " : "";
        return made(found, doing + describe(found, essence) + " (statement " + names + ")", essence);
    }

    /** The table of a foreign key is the one that refers, also if it was a row of the other one that was changed. */
    private static boolean mayMean(Composed<?, ?> statement, Finding found) {
        return statement.table().equals(found.table)
                || (found.table != null && statement.tables().isEmpty())
                || (found.kind == ErrorKind.FOREIGN_KEY && !statement.isInsert());
    }

    final DatabaseException classify(SQLException e, String doing) {
        SQLException essence = reason(e);
        Finding found = find(essence);
        return made(found, doing + ": " + describe(found, essence), essence);
    }

    private static DatabaseException made(Finding found, String message, SQLException cause) {
        return new DatabaseException(found.kind, message, found.table, found.constraint, cause);
    }

    private String describe(Finding found, SQLException e) {
        return switch (found.kind) {
            case UNIQUE -> "a row with the same key exists: " + named("unique key", found);
            case FOREIGN_KEY -> named("foreign key", found) + " is violated: a row refers to a row that does not exist";
            case NOT_NULL -> "NULL in " + named("NOT NULL column", found);
            case CHECK -> named("check", found) + " does not hold";
            case INVALID_VALUE -> "a value is not of the type of its column: " + firstLine(e);
            case BUSY -> busy(database, e);
            case SERIALIZATION -> "the transaction is in conflict with a concurrent one; retry it";
            case CONNECTION -> connection(database, e);
            case READ_ONLY ->
                database + " cannot be written: the file, its folder, the server or this transaction is read-only";
            case DISK_FULL -> "no space is left for " + database;
            case DAMAGED -> database + " is not a database or is damaged: " + firstLine(e);
            case PERMISSION ->
                database + " refused: " + firstLine(e) + "; check the user, the password and the privileges";
            case STATEMENT ->
                "the statement does not fit " + database + ": " + firstLine(e)
                        + "; are the tables up to date? (yours: Migrator.migrate, Cloacina's: cloacina schema check)";
            case ROLLED_BACK -> "an earlier error made this transaction rollback-only: " + firstLine(e);
            default -> firstLine(e);
        };
    }

    /** The message about a locked database: who may hold the lock, and what to do. */
    abstract String busy(String database, SQLException e);

    /** The message about a missing connection: the reason, and what to do. */
    String connection(String database, SQLException e) {
        return "no connection to " + database + ": " + firstLine(e);
    }

    private static String named(String what, Finding found) {
        return what
                + (found.constraint == null ? "" : " " + found.constraint)
                + (found.table == null ? "" : " of table " + found.table);
    }

    static String firstLine(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("");
    }
}
