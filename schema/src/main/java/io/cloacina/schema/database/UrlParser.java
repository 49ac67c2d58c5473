package io.cloacina.schema.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Reads database URLs. A part of a PostgreSQL URL that may hold a piece of the password, because a special character in it
 * was not escaped, is never repeated in a message.
 */
final class UrlParser {
    /** One letter before the colon is the drive of a Windows path. */
    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]+):");

    private static final Pattern SECRET = Pattern.compile("(?i)(\\w*(?:pass|pwd|secret)\\w*\\s*=)[^&;\\s]*");
    private static final Set<String> SQLITE_SETTINGS = Set.of("synchronous", "busy_timeout", "readers");
    /** What the place in the URL says. */
    private static final Set<PGProperty> PLACE = Set.of(PGProperty.PG_HOST, PGProperty.PG_PORT, PGProperty.PG_DBNAME);

    private UrlParser() {}

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
        String path = beforeQuery(lower);
        Matcher scheme = SCHEME.matcher(path);
        if (scheme.lookingAt()) {
            throw refused("'" + scheme.group(1) + ":…' is not a database URL.");
        }
        if (path.endsWith(".db") || path.endsWith(".sqlite") || path.endsWith(".sqlite3")) {
            return sqlite(text);
        }
        throw refused("'" + withoutPassword(text) + "' is not a database URL.");
    }

    private static DatabaseUrl sqlite(String rest) {
        String file = beforeQuery(rest);
        Map<String, String> settings = settings(afterQuery(rest));
        if (file.startsWith("//")) {
            file = file.substring(2);
        }
        if (file.isBlank()) {
            throw refused("The URL names no file.");
        }
        if (file.startsWith("file:") || (file.startsWith(":") && !file.equals(DatabaseUrl.Sqlite.MEMORY))) {
            throw refused("'sqlite:" + file + "' is not a database URL: name a plain file or :memory:.");
        }
        for (String name : settings.keySet()) {
            if (!SQLITE_SETTINGS.contains(name)) {
                throw refused("There is no setting '" + name + "' of SQLite here.");
            }
        }
        String synchronous = settings.getOrDefault("synchronous", "FULL").toUpperCase(Locale.ROOT);
        if (!synchronous.equals("FULL") && !synchronous.equals("NORMAL")) {
            throw refused("synchronous is FULL or NORMAL, not '" + synchronous + "'.");
        }
        return new DatabaseUrl.Sqlite(
                file,
                synchronous.equals("FULL"),
                number(settings, "busy_timeout", 10_000, 0, 3_600_000),
                number(settings, "readers", 4, 1, 64));
    }

    private static DatabaseUrl postgres(String rest) {
        if (!rest.startsWith("//")) {
            throw refused("The PostgreSQL URL names no server: after the colon comes //HOST/DATABASE.");
        }
        String place = beforeQuery(rest).substring("//".length());
        int at = place.lastIndexOf('@');
        String server = place.substring(at + 1);
        int slash = server.indexOf('/');
        if (slash < 0 || slash == server.length() - 1) {
            throw refused("The PostgreSQL URL names no database: after the server comes /DATABASE.");
        }
        String servers = server.substring(0, slash);
        Stream.of(servers.split(",", -1)).forEach(UrlParser::requireServer);
        String database = decode(server.substring(slash + 1));
        Map<String, String> settings = settings(afterQuery(rest));
        settings.keySet().forEach(UrlParser::requirePostgresSetting);
        if (at >= 0) {
            String[] user = place.substring(0, at).split(":", 2);
            set(settings, "user", user[0]);
            if (user.length == 2) {
                set(settings, "password", user[1]);
            }
        }
        int poolSize = number(settings, "pool_size", 10, 1, 1_000);
        settings.remove("pool_size");
        return new DatabaseUrl.Postgres(servers, database, Map.copyOf(settings), poolSize);
    }

    private static DatabaseException refused(String what) {
        return new DatabaseException(ErrorKind.URL, what + " The forms are: " + DatabaseUrl.FORMS, null);
    }

    /** For text that is no URL of any kind: without what stands before an {@code @} or after {@code password=}. */
    private static String withoutPassword(String text) {
        String shown = SECRET.matcher(text).replaceAll("$1***");
        int at = shown.lastIndexOf('@');
        return at < 0 ? shown : "***" + shown.substring(at);
    }

    private static void requireServer(String server) {
        try {
            if (!server.isEmpty() && new URI("postgresql://" + server).getHost() != null) {
                return;
            }
        } catch (URISyntaxException e) {
            // refused below, like what is a URI without a host
        }
        throw refused("The PostgreSQL URL names no server: after // comes HOST or HOST:PORT.");
    }

    private static void requirePostgresSetting(String name) {
        PGProperty known = PGProperty.forName(name);
        if (name.equals("pool_size") || (known != null && !PLACE.contains(known))) {
            return;
        }
        String plain = name.replace("_", "");
        String meant = Stream.of(PGProperty.values())
                .map(PGProperty::getName)
                .filter(other -> known == null && other.equalsIgnoreCase(plain))
                .map(other -> " Is it '" + other + "'?")
                .findFirst()
                .orElse("");
        throw refused("The PostgreSQL driver has no setting '" + name + "'." + meant);
    }

    private static String beforeQuery(String text) {
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    private static String afterQuery(String text) {
        int query = text.indexOf('?');
        return query < 0 ? "" : text.substring(query + 1);
    }

    /** A plus stands for itself. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused("The URL has a '%' that is not followed by two hexadecimal digits.");
        }
    }

    private static Map<String, String> settings(String query) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw refused("A setting is not NAME=VALUE.");
            }
            set(settings, decode(pair.substring(0, equals)), pair.substring(equals + 1));
        }
        return settings;
    }

    private static void set(Map<String, String> settings, String name, String encoded) {
        if (settings.put(name, decode(encoded)) != null) {
            throw refused("The setting '" + name + "' is given twice.");
        }
    }

    private static int number(Map<String, String> settings, String name, int otherwise, int least, int most) {
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
