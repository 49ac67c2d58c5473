package io.cloacina.engine.internal.write;

import io.cloacina.schema.database.DatabaseException;

/** Whether it lies in what was written that it cannot be stored. */
public final class Unwritable {
    private Unwritable() {}

    /**
     * Whether the database takes nothing now, or nothing of this size, until somebody makes room, grants a right or
     * restores it: that is not a fault of the data, which is worth being kept.
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
                            CONNECTION,
                            URL,
                            UNSUPPORTED,
                            STATEMENT,
                            ROLLED_BACK,
                            TRANSACTION_ENDED,
                            CLOSED,
                            MIGRATION,
                            COPY,
                            OTHER -> false;
                };
    }
}
