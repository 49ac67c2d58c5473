package io.cloacina.schema.database;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.Backend;
import java.util.Map;

/**
 * A parsed database URL: the backend, the database, and its settings. A URL with anything unknown in it is refused.
 *
 * <p>{@link Object#toString()} is safe to show: it does not contain the password.
 */
public sealed interface DatabaseUrl {
    /**
     * The forms that are understood, in one line. {@code sqlite:} accepts the settings {@code synchronous} (FULL, the
     * default, or NORMAL), {@code busy_timeout} (milliseconds) and {@code readers} (connections that read) after a
     * {@code ?}; {@code postgresql:} accepts {@code pool_size} and any setting of the JDBC driver, and special
     * characters are written there as in any URL ({@code %40} for {@code @}). Behind a pooler, such as PgBouncer,
     * nothing is prepared on the server unless {@code prepareThreshold} requests it: a statement that is prepared on
     * one connection of the pooler is unknown on the next.
     */
    String FORMS = "sqlite:FILE, sqlite::memory:, FILE.db, FILE.sqlite, FILE.sqlite3, jdbc:sqlite:FILE,"
            + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE, postgres://…, jdbc:postgresql://…";

    /** The backend of the URL. */
    Backend backend();

    /** A SQLite database, in a file or in memory. */
    record Sqlite(String file, boolean synchronousFull, int busyTimeoutMillis, int readers) implements DatabaseUrl {
        static final String MEMORY = ":memory:";

        /** Checks that nothing is null. */
        public Sqlite {
            ArgumentChecks.given("the file", file);
        }

        @Override
        public Backend backend() {
            return Backend.SQLITE;
        }

        /** Whether it is in memory, and so lost when it is closed. */
        public boolean isMemory() {
            return file.equals(MEMORY);
        }

        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /**
     * A database on a PostgreSQL server.
     *
     * @param servers {@code HOST} or {@code HOST:PORT}, several are separated by commas
     * @param settings the settings of the driver, including user and password
     */
    record Postgres(String servers, String database, Map<String, String> settings, int poolSize)
            implements DatabaseUrl {
        /** Checks that nothing is null. */
        public Postgres {
            ArgumentChecks.given("the servers", servers);
            ArgumentChecks.given("the database", database);
            ArgumentChecks.given("the settings", settings);
        }

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
     * Parses a URL.
     *
     * @throws DatabaseException of kind {@link ErrorKind#URL}; the message lists the supported forms
     */
    static DatabaseUrl parse(String url) {
        requireShowable(ArgumentChecks.given("the URL of the database", url));
        return UrlParser.parse(url);
    }

    /** Limits the length of a URL, because parsing may repeat it in a message and searches it for passwords. */
    private static void requireShowable(String url) {
        int most = 2_000;
        if (url.length() > most) {
            throw new DatabaseException(
                    ErrorKind.URL,
                    "a database URL must have at most " + most + " characters, but has " + url.length(),
                    null);
        }
        String text = url.strip();
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            if (Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                throw new DatabaseException(
                        ErrorKind.URL,
                        "the database URL has a character at" + " " + at
                                + " that a URL cannot contain: \\u%04x".formatted(c),
                        null);
            }
        }
    }
}
