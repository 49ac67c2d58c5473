package io.cloacina.schema.database;

import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.Index;
import io.cloacina.schema.sql.ReferenceProbe;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.sql.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Reads SQLite's errors. There is no SQLState: the extended result code determines the kind, and the text after the
 * last colon names the columns or the constraint. SQLite never names the foreign key that was violated: it is found by
 * queries afterwards.
 */
final class SqliteErrors extends ErrorClassifier {
    private static final int PRIMARY_CODE = 0xff;

    SqliteErrors(Supplier<Schema> schema, String database) {
        super(schema, database);
    }

    @Override
    Finding find(SQLException e) {
        ErrorKind kind = kind(e);
        String told = lastPart(e);
        return switch (kind) {
            // TABLE.COLUMN, TABLE.COLUMN
            case UNIQUE -> new Finding(kind, tableOfColumn(told), uniqueKey(tableOfColumn(told), told));
            case NOT_NULL -> new Finding(kind, tableOfColumn(told), column(told));
            case CHECK -> new Finding(kind, tableOfConstraint(told), told);
            default -> Finding.of(kind);
        };
    }

    @Override
    <P> Finding find(SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument) {
        Finding found = find(e);
        return found.kind() == ErrorKind.FOREIGN_KEY ? foreignKey(session, statement, argument) : found;
    }

    private static ErrorKind kind(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            // An error of the driver itself. The other two texts come from statements whose connection was closed.
            String message = firstLine(e);
            return message.contains("closed")
                            || message.contains("finalized")
                            || message.equals("statement is not executing")
                    ? ErrorKind.CONNECTION
                    : ErrorKind.OTHER;
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return switch (code) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID -> ErrorKind.UNIQUE;
            case SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_TRIGGER -> ErrorKind.FOREIGN_KEY;
            case SQLITE_CONSTRAINT_NOTNULL -> ErrorKind.NOT_NULL;
            case SQLITE_CONSTRAINT_CHECK -> isOfType(lastPart(e)) ? ErrorKind.INVALID_VALUE : ErrorKind.CHECK;
            case SQLITE_CONSTRAINT -> ErrorKind.CHECK;
            case SQLITE_CONSTRAINT_DATATYPE, SQLITE_MISMATCH, SQLITE_TOOBIG -> ErrorKind.INVALID_VALUE;
            case SQLITE_ERROR -> ErrorKind.STATEMENT;
            default -> primaryKind(code.code & PRIMARY_CODE);
        };
    }

    /**
     * Whether a check replaces a type that SQLite does not have: PostgreSQL has the type, and reports an invalid value,
     * not a violated constraint.
     */
    private static boolean isOfType(String constraint) {
        return constraint.endsWith("_type");
    }

    private static ErrorKind primaryKind(int code) {
        if (code == SQLiteErrorCode.SQLITE_BUSY.code
                || code == SQLiteErrorCode.SQLITE_LOCKED.code
                || code == SQLiteErrorCode.SQLITE_PROTOCOL.code) {
            return ErrorKind.BUSY;
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code) {
            return ErrorKind.READ_ONLY;
        }
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return ErrorKind.DISK_FULL;
        }
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return ErrorKind.DAMAGED;
        }
        if (code == SQLiteErrorCode.SQLITE_CANTOPEN.code || code == SQLiteErrorCode.SQLITE_IOERR.code) {
            return ErrorKind.CONNECTION;
        }
        return code == SQLiteErrorCode.SQLITE_PERM.code ? ErrorKind.PERMISSION : ErrorKind.OTHER;
    }

    private String uniqueKey(String table, String told) {
        List<String> columns =
                Stream.of(told.split(", ")).map(SqliteErrors::column).toList();
        return schema().uniqueKey(table, columns).map(Index::name).orElse(table + "_pkey");
    }

    private static String tableOfColumn(String told) {
        return told.substring(0, Math.max(0, told.indexOf('.')));
    }

    private static String column(String told) {
        return told.substring(told.indexOf('.') + 1);
    }

    /** Finds the table by the name of a constraint, which begins with that of its table. */
    private @Nullable String tableOfConstraint(String constraint) {
        return schema().tables().stream()
                .map(Table::tableName)
                .filter(table -> constraint.startsWith(table + "_"))
                .max(Comparator.comparingInt(String::length))
                .orElse(null);
    }

    /** The text after the last colon, without the bracket that the driver adds. */
    private static String lastPart(SQLException e) {
        String message = firstLine(e);
        int colon = message.lastIndexOf(": ");
        String tail = colon < 0 ? message : message.substring(colon + 2);
        return tail.endsWith(")") ? tail.substring(0, tail.length() - 1) : tail;
    }

    private <P> Finding foreignKey(Session session, Statement<P, ?> statement, @Nullable P argument) {
        String table = statement.composed(session.dialect()).table();
        List<String> broken = argument == null
                ? List.of()
                : statement.composed(session.dialect()).probes().stream()
                        .filter(probe -> isBroken(probe, session, argument))
                        .map(ReferenceProbe::constraint)
                        .toList();
        if (!broken.isEmpty()) {
            return new Finding(ErrorKind.FOREIGN_KEY, table, broken.get(0));
        }
        List<ForeignKey<?>> refusing = refusingDeletesOf(table).toList();
        return refusing.size() == 1
                ? new Finding(
                        ErrorKind.FOREIGN_KEY,
                        refusing.get(0).column().table().tableName(),
                        refusing.get(0).name())
                : new Finding(ErrorKind.FOREIGN_KEY, table, null);
    }

    /**
     * The foreign keys that can refuse the deletion of a row, because of the row itself or of rows that are deleted
     * with it.
     */
    private Stream<ForeignKey<?>> refusingDeletesOf(String table) {
        return schema().referrers(table).stream().flatMap(key -> switch (key.onDelete()) {
            case NO_ACTION -> Stream.<ForeignKey<?>>of(key);
            case CASCADE ->
                key.column().table().tableName().equals(table)
                        ? Stream.empty()
                        : refusingDeletesOf(key.column().table().tableName());
            case SET_NULL -> Stream.empty();
        });
    }

    private static boolean isBroken(ReferenceProbe<?> probe, Session session, Object argument) {
        try (PreparedStatement look = session.connection().prepareStatement(probe.sql())) {
            if (!probe.bind(look, argument)) {
                return false;
            }
            try (ResultSet found = look.executeQuery()) {
                return !found.next();
            }
        } catch (SQLException e) {
            Database.LOG.debug("looking for the broken foreign key failed", e);
            return false;
        }
    }

    /** A batch of SQL texts wraps the error of the text that failed. */
    @Override
    SQLException essence(SQLException e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof SQLiteException sqlite) {
                return sqlite;
            }
        }
        return e;
    }

    @Override
    boolean isOfDatabase(SQLException e) {
        return essence(e) instanceof SQLiteException;
    }

    @Override
    String busy(String database, SQLException e) {
        return database + " is locked by another process; try again, or raise busy_timeout";
    }
}
