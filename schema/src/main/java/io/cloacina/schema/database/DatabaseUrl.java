package io.cloacina.schema.database;

import io.cloacina.schema.type.Backend;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database URL: which backend, where, with which settings. Anything not understood is refused; nothing is guessed.
 *
 * <p>{@link Object#toString()} is safe to show: it has no password.
 */
public sealed interface DatabaseUrl {
    /** The forms that are understood, one a line. */
    String FORMS = """
              sqlite:FILE                        a file, made if it is not there
              sqlite::memory:                    in memory, gone when it is closed
              FILE.db, FILE.sqlite, FILE.sqlite3 a file
              jdbc:sqlite:FILE                   a file
              postgresql://USER:PASSWORD@HOST:PORT/DATABASE (or postgres://…)
              jdbc:postgresql://HOST:PORT/DATABASE?user=…&password=…
              Settings of SQLite: ?synchronous=FULL|NORMAL&busy_timeout=MILLIS&readers=N
              Settings of PostgreSQL: ?pool_size=N and any of its JDBC driver, such as sslmode=require""";

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

    /** A database of a server; {@code properties} are settings of the driver. */
    record Postgres(String jdbcUrl, Map<String, String> properties, int poolSize) implements DatabaseUrl {
        @Override
        public Backend backend() {
            return Backend.POSTGRES;
        }

        @Override
        public String toString() {
            return jdbcUrl.substring("jdbc:".length());
        }
    }

    /**
     * Reads a URL.
     *
     * @throws DatabaseException of kind {@link ErrorKind#URL}, listing the forms that are understood
     */
    static DatabaseUrl parse(String url) {
        String text = url.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:sqlite:")) {
            return sqlite(text.substring("jdbc:sqlite:".length()));
        }
        if (lower.startsWith("sqlite:")) {
            return sqlite(text.substring("sqlite:".length()));
        }
        if (lower.startsWith("jdbc:postgresql:")) {
            return postgres(text.substring("jdbc:postgresql:".length()));
        }
        if (lower.startsWith("postgresql:") || lower.startsWith("postgres:")) {
            return postgres(text.substring(text.indexOf(':') + 1));
        }
        String path = text.contains("?") ? lower.substring(0, lower.indexOf('?')) : lower;
        boolean hasScheme = Parsing.SCHEME.matcher(path).lookingAt();
        if (!hasScheme && (path.endsWith(".db") || path.endsWith(".sqlite") || path.endsWith(".sqlite3"))) {
            return sqlite(text);
        }
        throw Parsing.refused("'" + Parsing.withoutPassword(text) + "' is not a database URL.");
    }

    private static DatabaseUrl sqlite(String rest) {
        int query = rest.indexOf('?');
        String file = query < 0 ? rest : rest.substring(0, query);
        Map<String, String> settings = Parsing.settings(query < 0 ? "" : rest.substring(query + 1));
        if (file.startsWith("//")) {
            file = file.substring(2);
        }
        if (file.isBlank()) {
            throw Parsing.refused("The URL names no file.");
        }
        if (file.startsWith("file:") || (file.startsWith(":") && !file.equals(Sqlite.MEMORY))) {
            throw Parsing.refused("'sqlite:" + file + "' is not a database URL: name a plain file or :memory:.");
        }
        Set<String> known = Set.of("synchronous", "busy_timeout", "readers");
        for (String name : settings.keySet()) {
            if (!known.contains(name)) {
                throw Parsing.refused("SQLite has no setting '" + name + "'.");
            }
        }
        String synchronous = settings.getOrDefault("synchronous", "FULL").toUpperCase(Locale.ROOT);
        if (!synchronous.equals("FULL") && !synchronous.equals("NORMAL")) {
            throw Parsing.refused("synchronous is FULL or NORMAL, not '" + synchronous + "'.");
        }
        return new Sqlite(
                file,
                synchronous.equals("FULL"),
                Parsing.number(settings, "busy_timeout", 10_000, 0, 3_600_000),
                Parsing.number(settings, "readers", 4, 1, 64));
    }

    private static DatabaseUrl postgres(String rest) {
        if (!rest.startsWith("//")) {
            throw Parsing.refused("The PostgreSQL URL names no server: after the colon comes //HOST/DATABASE.");
        }
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        Map<String, String> properties = Parsing.settings(query < 0 ? "" : rest.substring(query + 1));
        int at = place.lastIndexOf('@');
        if (at >= 0) {
            String[] user = place.substring(2, at).split(":", 2);
            properties.put("user", Parsing.decode(user[0]));
            if (user.length == 2) {
                properties.put("password", Parsing.decode(user[1]));
            }
            place = "//" + place.substring(at + 1);
        }
        Parsing.requireServer(place);
        int poolSize = Parsing.number(properties, "pool_size", 10, 1, 1_000);
        properties.remove("pool_size");
        return new Postgres("jdbc:postgresql:" + place, Map.copyOf(properties), poolSize);
    }

    /** The small rules of a URL. */
    final class Parsing {
        private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+:");
        private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&]*|(//[^:/@]*:)[^@]*(?=@)");

        private Parsing() {}

        static DatabaseException refused(String what) {
            return new DatabaseException(ErrorKind.URL, what + " The forms are:\n" + FORMS, null);
        }

        static String withoutPassword(String url) {
            return PASSWORD.matcher(url).replaceAll("$1$2***");
        }

        static void requireServer(String place) {
            String database = place.substring(place.indexOf('/', 2) + 1);
            if (place.indexOf('/', 2) < 0 || database.isEmpty()) {
                throw refused("The PostgreSQL URL names no database: 'postgresql:" + place + "'.");
            }
            try {
                // Several hosts, as the driver allows, are no URI: each is looked at alone.
                for (String host : place.substring(2, place.indexOf('/', 2)).split(",", -1)) {
                    if (!host.isEmpty() && new URI("postgresql://" + host).getHost() == null) {
                        throw refused("'" + host + "' is not a host or host:port.");
                    }
                }
            } catch (URISyntaxException e) {
                throw refused("The PostgreSQL URL 'postgresql:" + place + "' is malformed: " + e.getReason() + ".");
            }
        }

        static String decode(String text) {
            try {
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw refused("The URL has a '%' that is not followed by two hexadecimal digits.");
            }
        }

        static Map<String, String> settings(String query) {
            Map<String, String> settings = new LinkedHashMap<>();
            for (String pair : query.split("&", -1)) {
                if (pair.isEmpty()) {
                    continue;
                }
                int equals = pair.indexOf('=');
                if (equals <= 0) {
                    throw refused("The setting '" + withoutPassword(pair) + "' is not NAME=VALUE.");
                }
                String name = decode(pair.substring(0, equals));
                if (settings.put(name, decode(pair.substring(equals + 1))) != null) {
                    throw refused("The setting '" + name + "' is given twice.");
                }
            }
            return settings;
        }

        static int number(Map<String, String> settings, String name, int otherwise, int least, int most) {
            @Nullable String text = settings.get(name);
            if (text == null) {
                return otherwise;
            }
            try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // refused below, like a number out of range
            }
            throw refused(name + " is a number from " + least + " to " + most + ", not '" + text + "'.");
        }
    }
}
