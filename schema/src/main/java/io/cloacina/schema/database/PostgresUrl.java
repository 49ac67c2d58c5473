package io.cloacina.schema.database;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGProperty;

/**
 * Reads what stands after {@code postgresql:}. The servers are read here and not by {@link java.net.URI}, which knows
 * no underscore in a host name. A part that may hold a piece of the password, because a special character in it was not
 * escaped, is never repeated in a message.
 */
final class PostgresUrl {
    /**
     * Names as resolvers take them, Docker's and those of files of hosts too; letters of all languages come escaped by
     * IDN.
     */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9._])?");

    /** An address in brackets, with the zone that a link-local one needs. */
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f:.]+)(?:%(?:25)?+([A-Za-z0-9._~-]+))?\\]");

    private static final int MAX_PORT = 65_535;

    /** What the place in the URL says, as the driver and as libpq call it. */
    private static final Set<String> PLACE = Set.of(
            PGProperty.PG_HOST.getName(),
            PGProperty.PG_PORT.getName(),
            PGProperty.PG_DBNAME.getName(),
            "host",
            "hostaddr",
            "port",
            "dbname");

    private PostgresUrl() {}

    static DatabaseUrl parse(String rest) {
        String query = UrlText.afterQuery(rest);
        requireNoPlace(query);
        if (!rest.startsWith("//")) {
            throw UrlText.refused("The PostgreSQL URL names no server: write //HOST/DATABASE after the colon.");
        }
        String place = UrlText.beforeQuery(rest).substring("//".length());
        int at = place.lastIndexOf('@');
        String server = place.substring(at + 1);
        int slash = server.indexOf('/');
        if (slash < 0) {
            throw noDatabase();
        }
        String servers = Stream.of(server.substring(0, slash).split(",", -1))
                .map(PostgresUrl::server)
                .collect(Collectors.joining(","));
        String database = database(server.substring(slash + 1));
        // Only now: what follows a question mark in a password is not a setting that could be shown.
        Map<String, String> settings = UrlText.settings(query);
        settings.keySet().forEach(PostgresUrl::requireSetting);
        if (at >= 0) {
            setUser(settings, place.substring(0, at));
        }
        int poolSize = UrlText.number(settings, "pool_size", 10, 1, 1_000);
        settings.remove("pool_size");
        return new DatabaseUrl.Postgres(servers, database, Map.copyOf(settings), poolSize);
    }

    private static DatabaseException noDatabase() {
        return UrlText.refused("The PostgreSQL URL names no database: write /DATABASE after the server.");
    }

    private static String database(String encoded) {
        String name = encoded.endsWith("/") ? encoded.substring(0, encoded.length() - 1) : encoded;
        if (name.isEmpty()) {
            throw noDatabase();
        }
        if (name.indexOf('/') >= 0) {
            throw UrlText.refused("The PostgreSQL URL has more than one '/' after the server: if the name of the"
                    + " database has one, write %2F.");
        }
        return UrlText.decode(name);
    }

    /** An empty name is none, as in libpq: the driver then takes that of the operating system. */
    private static void setUser(Map<String, String> settings, String encoded) {
        String[] user = encoded.split(":", 2);
        if (!user[0].isEmpty()) {
            UrlText.set(settings, "user", user[0]);
        }
        if (user.length == 2) {
            UrlText.set(settings, "password", user[1]);
        }
    }

    /** One server as the driver reads it: {@code HOST} or {@code HOST:PORT}. */
    private static String server(String encoded) {
        int colon = encoded.lastIndexOf(':');
        boolean hasPort = colon > encoded.lastIndexOf(']');
        String host = host(hasPort ? encoded.substring(0, colon) : encoded);
        String port = hasPort ? encoded.substring(colon + 1) : "";
        return port.isEmpty() ? host : host + ":" + port(port);
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,9}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= MAX_PORT) {
                return port;
            }
        }
        throw noServer(" A port must be a number from 1 to " + MAX_PORT + ".");
    }

    private static String host(String encoded) {
        if (encoded.startsWith("[")) {
            return ipv6(encoded);
        }
        String host = UrlText.decode(encoded);
        requireNoSocket(host);
        if (host.indexOf(':') >= 0) {
            throw noServer(" Write an IPv6 address in brackets: [::1].");
        }
        String ascii = ascii(host);
        if (!HOST.matcher(ascii).matches()) {
            throw noServer("");
        }
        return ascii;
    }

    /** Resolvers know names of other letters only in the form of IDNA (RFC 3490). */
    private static String ascii(String host) {
        if (host.chars().allMatch(character -> character < 0x80)) {
            return host;
        }
        try {
            return IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            throw noServer("");
        }
    }

    private static String ipv6(String encoded) {
        var matcher = IPV6.matcher(encoded);
        if (!matcher.matches()) {
            throw noServer("");
        }
        try {
            // In brackets nothing is looked up: it is an address, or the text is wrong.
            InetAddress.getByName("[" + matcher.group(1) + "]");
        } catch (UnknownHostException e) {
            throw noServer("");
        }
        String zone = matcher.group(2);
        return zone == null ? encoded : "[" + matcher.group(1) + "%" + zone + "]";
    }

    private static DatabaseException noServer(String why) {
        return UrlText.refused("The PostgreSQL URL names no server: write HOST or HOST:PORT after //." + why);
    }

    private static void requireNoSocket(String host) {
        if (host.startsWith("/") || host.startsWith("@")) {
            throw UrlText.refused("The PostgreSQL URL names a unix socket, but the JDBC driver supports only TCP: write"
                    + " HOST or HOST:PORT after //, such as localhost (the server has its addresses in"
                    + " listen_addresses), or set a socketFactory of the driver.");
        }
    }

    /** Before all else, so that whoever names a socket by a setting learns of that, not of a missing host. */
    private static void requireNoPlace(String query) {
        for (String pair : query.split("&", -1)) {
            String name = UrlText.decode(pair.substring(0, Math.max(0, pair.indexOf('='))));
            if (PLACE.contains(name)) {
                String value = UrlText.decode(pair.substring(pair.indexOf('=') + 1));
                Stream.of(value.split(",", -1)).forEach(PostgresUrl::requireNoSocket);
                throw UrlText.refused("The PostgreSQL driver has no setting '" + name
                        + "' here: write the server and the database as //HOST:PORT/DATABASE.");
            }
        }
    }

    private static void requireSetting(String name) {
        PGProperty known = PGProperty.forName(name);
        if (name.equals("pool_size") || known != null) {
            return;
        }
        String plain = name.replace("_", "");
        String meant = Stream.of(PGProperty.values())
                .map(PGProperty::getName)
                .filter(other -> !PLACE.contains(other) && other.equalsIgnoreCase(plain))
                .map(other -> " Is it '" + other + "'?")
                .findFirst()
                .orElse("");
        throw UrlText.refused("The PostgreSQL driver has no setting '" + name + "'." + meant);
    }
}
