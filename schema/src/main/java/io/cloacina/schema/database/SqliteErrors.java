package io.cloacina.schema.database;

import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.Index;
import io.cloacina.schema.sql.ReferenceProbe;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Reads SQLite's errors. There is no SQLState: the extended result code tells the kind, and the text after the last colon the
 * columns or the constraint. Which foreign key broke it never says: that is found out afterwards.
 */
final class SqliteErrors extends ErrorClassifier {
    private static final int PRIMARY_CODE = 0xff;

    SqliteErrors(Schema schema, String database) {
        super(schema, database);
    }

    @Override
    ErrorKind kind(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return e.getMessage() != null && e.getMessage().contains("closed") ? ErrorKind.CONNECTION : ErrorKind.OTHER;
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return switch (code) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID -> ErrorKind.UNIQUE;
            case SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_TRIGGER -> ErrorKind.FOREIGN_KEY;
            case SQLITE_CONSTRAINT_NOTNULL -> ErrorKind.NOT_NULL;
            case SQLITE_CONSTRAINT, SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_DATATYPE -> ErrorKind.CHECK;
            case SQLITE_TOOBIG -> ErrorKind.INVALID_VALUE;
            case SQLITE_ERROR -> ErrorKind.STATEMENT;
            default -> primaryKind(code.code & PRIMARY_CODE);
        };
    }

    private static ErrorKind primaryKind(int code) {
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
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

    @Override
    <P> Finding find(SQLException e, Session session, Statement<P, ?> statement, @Nullable P argument) {
        ErrorKind kind = kind(e);
        String table = statement.composed(session.dialect()).table();
        return switch (kind) {
            case UNIQUE -> new Finding(kind, table, uniqueKey(table, columns(e)));
            case NOT_NULL -> new Finding(kind, table, columns(e).get(0));
            case CHECK -> new Finding(kind, table, lastPart(e));
            case FOREIGN_KEY -> foreignKey(session, statement, argument, table);
            default -> Finding.of(kind);
        };
    }

    private String uniqueKey(String table, List<String> columns) {
        return schema().uniqueKey(table, columns).map(Index::name).orElse(table + "_pkey");
    }

    /** From {@code … constraint failed: table.a, table.b}. */
    private static List<String> columns(SQLException e) {
        return Stream.of(lastPart(e).split(", "))
                .map(name -> name.substring(name.indexOf('.') + 1))
                .toList();
    }

    /** What follows the last colon, without the bracket that the driver adds. */
    private static String lastPart(SQLException e) {
        String message = firstLine(e);
        String tail = message.substring(message.lastIndexOf(": ") + 2);
        return tail.endsWith(")") ? tail.substring(0, tail.length() - 1) : tail;
    }

    private <P> Finding foreignKey(Session session, Statement<P, ?> statement, @Nullable P argument, String table) {
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

    /** The foreign keys that can refuse the deletion of a row, directly or of what goes with it. */
    private Stream<ForeignKey<?>> refusingDeletesOf(String table) {
        return schema().referrers(table).stream().flatMap(key -> switch (key.onDelete()) {
            case NO_ACTION -> Stream.<ForeignKey<?>>of(key);
            case CASCADE -> refusingDeletesOf(key.column().table().tableName());
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
}
