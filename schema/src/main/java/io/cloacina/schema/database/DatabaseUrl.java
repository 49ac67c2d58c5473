package io.cloacina.schema.database;

import io.cloacina.schema.type.Backend;
import java.util.Map;

/**
 * A database URL: which backend, where, with which settings. Anything not understood is refused; nothing is guessed.
 *
 * <p>{@link Object#toString()} is safe to show: it has no password.
 */
public sealed interface DatabaseUrl {
    /** The forms that are understood, one a line. */
    String FORMS = """
              sqlite:FILE (or sqlite://FILE)     a file, made if it is not there
              sqlite::memory:                    in memory, gone when it is closed
              FILE.db, FILE.sqlite, FILE.sqlite3 a file
              jdbc:sqlite:FILE                   a file
              postgresql://USER:PASSWORD@HOST:PORT/DATABASE (or postgres://…)
              jdbc:postgresql://HOST:PORT/DATABASE?user=…&password=…
              Settings of SQLite: ?synchronous=FULL|NORMAL&busy_timeout=MILLIS&readers=N
              Settings of PostgreSQL: ?pool_size=N and any of its JDBC driver, such as sslmode=require
              In a PostgreSQL URL, write special characters as in any URL: %40 for @, %2F for /, %3F for ?, %25 for %""";

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
