package io.cloacina.schema.database;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses database URLs. The scheme, or the ending of a file's name, determines the backend. */
final class UrlParser {
    /** Two letters or more, because one letter before a colon is the drive of a Windows path. */
    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]+):");

    private static final Pattern SECRET = Pattern.compile("(?i)(\\w*(?:pass|pwd|secret)\\w*\\s*=)[^&;\\s]*");
    private static final Set<String> SQLITE_SETTINGS = Set.of("synchronous", "busy_timeout", "readers");
    private static final Pattern FILE_URI = Pattern.compile("(?i)file:");
    private static final Pattern WINDOWS_PATH = Pattern.compile("/[A-Za-z]:[/\\\\]");

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
        String path = UrlText.beforeQuery(lower);
        Matcher scheme = SCHEME.matcher(path);
        if (scheme.lookingAt()) {
            throw UrlText.refused("'" + scheme.group(1) + ":…' is not a database URL.");
        }
        if (path.endsWith(".db") || path.endsWith(".sqlite") || path.endsWith(".sqlite3")) {
            return sqlite(text);
        }
        throw UrlText.refused("'" + withoutPassword(text) + "' is not a database URL.");
    }

    /** Requires the driver, because the settings of the URL are checked against those of the driver. */
    private static DatabaseUrl postgres(String rest) {
        Drivers.requirePostgres();
        return PostgresUrl.parse(rest);
    }

    private static DatabaseUrl sqlite(String rest) {
        String file = file(UrlText.beforeQuery(rest));
        Map<String, String> settings = UrlText.settings(UrlText.afterQuery(rest));
        for (String name : settings.keySet()) {
            if (!SQLITE_SETTINGS.contains(name)) {
                throw UrlText.refused("There is no setting '" + name
                        + "' of SQLite here; there are synchronous, busy_timeout and readers.");
            }
        }
        String synchronous = settings.getOrDefault("synchronous", "FULL").toUpperCase(Locale.ROOT);
        if (!synchronous.equals("FULL") && !synchronous.equals("NORMAL")) {
            throw UrlText.refused("synchronous must be FULL or NORMAL, not '" + synchronous + "'.");
        }
        return new DatabaseUrl.Sqlite(
                file,
                synchronous.equals("FULL"),
                UrlText.number(settings, "busy_timeout", 10_000, 0, 3_600_000),
                UrlText.number(settings, "readers", 4, 1, 64));
    }

    /**
     * The name of the file without changes. It has no escapes, so every file can be named whose name has no question
     * mark.
     */
    private static String file(String written) {
        String file = written.startsWith("//") ? written.substring("//".length()) : written;
        if (file.isBlank()) {
            throw UrlText.refused("The URL names no file.");
        }
        if (FILE_URI.matcher(file).lookingAt() || (file.startsWith(":") && !file.equals(DatabaseUrl.Sqlite.MEMORY))) {
            throw UrlText.refused("'sqlite:" + file + "' is not a database URL: name a plain file or :memory:.");
        }
        if (file.equals("~") || file.startsWith("~/") || file.startsWith("~\\")) {
            throw UrlText.refused("'sqlite:" + file + "' is not a database URL: only a shell expands ~, and only at the"
                    + " beginning of a word; write the full path, or $HOME.");
        }
        if (file.endsWith("/") || file.endsWith("\\")) {
            throw UrlText.refused("'sqlite:" + file + "' is not a database URL: it is a folder; name a file in it.");
        }
        // In sqlite:///C:/data/app.db, the third slash ends an empty host name and is not part of the path.
        return WINDOWS_PATH.matcher(file).lookingAt() ? file.substring(1) : file;
    }

    /** A text that is not a URL, without what is before an {@code @} or after {@code password=}. */
    private static String withoutPassword(String text) {
        String shown = SECRET.matcher(text).replaceAll("$1***");
        int at = shown.lastIndexOf('@');
        return at < 0 ? shown : "***" + shown.substring(at);
    }
}
