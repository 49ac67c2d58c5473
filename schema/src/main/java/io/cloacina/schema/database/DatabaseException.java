package io.cloacina.schema.database;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.internal.ArgumentChecks;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure of the database layer. The message states what happened, where, and what to do. Its code is that of its
 * kind, such as {@code DATABASE_BUSY}.
 */
public final class DatabaseException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;
    private final @Nullable String table;
    private final @Nullable String constraint;

    /** For an error that does not concern a constraint. */
    public DatabaseException(ErrorKind kind, String message, @Nullable Throwable cause) {
        this(kind, ArgumentChecks.given("the message", message), null, null, cause);
    }

    DatabaseException(
            ErrorKind kind,
            String message,
            @Nullable String table,
            @Nullable String constraint,
            @Nullable Throwable cause) {
        super("DATABASE_" + ArgumentChecks.given("the kind", kind).name(), message, cause);
        this.kind = kind;
        this.table = table;
        this.constraint = constraint;
    }

    /** What went wrong. */
    public ErrorKind kind() {
        return kind;
    }

    /** The table of the violated constraint; empty for other errors. */
    public Optional<String> table() {
        return Optional.ofNullable(table);
    }

    /**
     * The name of the violated constraint, or of the column for {@link ErrorKind#NOT_NULL}; empty for other errors. If
     * several are violated, one of them.
     */
    public Optional<String> constraint() {
        return Optional.ofNullable(constraint);
    }
}
