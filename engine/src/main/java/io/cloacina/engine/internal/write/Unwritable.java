package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;

/** Classifies errors of writes: whether the engine or its database is the cause, and not the data. */
public final class Unwritable {
    private Unwritable() {}

    /** Whether the engine or its database is the cause, so that nothing else could be stored either. */
    public static boolean isOfEngine(Throwable error) {
        return isNow(error)
                || (error instanceof DatabaseException e && (e.kind().isRetryable() || e.kind() == ErrorKind.CLOSED))
                || (error instanceof CloacinaException closed && closed.code().equals(ErrorCodes.ENGINE_CLOSED));
    }

    /**
     * Whether the database stores nothing now, or nothing of this size, until an administrator makes room, grants a
     * right or restores it. The data is not the cause, and is worth keeping.
     */
    public static boolean isNow(Throwable error) {
        return error instanceof DatabaseException e
                && switch (e.kind()) {
                    case DISK_FULL, READ_ONLY, PERMISSION, DAMAGED -> true;
                    case UNIQUE,
                            FOREIGN_KEY,
                            NOT_NULL,
                            CHECK,
                            INVALID_VALUE,
                            BUSY,
                            SERIALIZATION,
                            STALE,
                            CONNECTION,
                            URL,
                            UNSUPPORTED,
                            STATEMENT,
                            ROLLED_BACK,
                            TRANSACTION_ENDED,
                            CLOSED,
                            MIGRATION,
                            COPY,
                            DRIVER,
                            OTHER -> false;
                };
    }
}
