package io.cloacina.schema.database;

import io.cloacina.schema.type.Backend;
import java.util.Map;

/**
 * A database URL: which backend, where, with which settings. Anything not understood is refused; nothing is guessed.
 *
 * <p>{@link Object#toString()} is safe to show: it has no password.
 */
public sealed interface DatabaseUrl {
    /**
     * The forms that are understood, in one line. {@code sqlite:} takes the settings {@code synchronous} (FULL, the default, or
     * NORMAL), {@code busy_timeout} (milliseconds) and {@code readers} (connections that read) after a {@code ?}; {@code
     * postgresql:} takes {@code pool_size} and any setting of the JDBC driver, and special characters are written there as in
     * any URL ({@code %40} for {@code @}). Behind a pooler, such as PgBouncer, nothing is prepared on the server unless
     * {@code prepareThreshold} says so: a statement that is prepared on one of its connections is not on the next.
     */
    String FORMS = "sqlite:FILE, sqlite::memory:, FILE.db, FILE.sqlite, FILE.sqlite3, jdbc:sqlite:FILE,"
            + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE, postgres://…, jdbc:postgresql://…";

    /** The backend that it names. */
    Backend backend();

    /** A database in a file or in memory. */
    record Sqlite(String file, boolean synchronousFull, int busyTimeoutMillis, int readers) implements DatabaseUrl {
        static final String MEMORY = ":memory:";

        @Override
        public Backend backend() {
            return Backend.SQLITE;
        }

        /** Whether it is in memory, gone when closed. */
        public boolean isMemory() {
            return file.equals(MEMORY);
        }

        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /**
     * A database of a server.
     *
     * @param servers {@code HOST} or {@code HOST:PORT}, several with commas between them
     * @param settings of the driver, with user and password
     */
    record Postgres(String servers, String database, Map<String, String> settings, int poolSize)
            implements DatabaseUrl {
        @Override
        public Backend backend() {
            return Backend.POSTGRES;
        }

        @Override
        public String toString() {
            return "postgresql://" + servers + "/" + database;
        }
    }

    /**
     * Reads a URL.
     *
     * @throws DatabaseException of kind {@link ErrorKind#URL}, listing the forms that are understood
     */
    static DatabaseUrl parse(String url) {
        return UrlParser.parse(url);
    }
}
