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
 * Reads the part of a URL after {@code postgresql:}. It reads the servers itself, because {@link java.net.URI} does not
 * accept an underscore in a host name. A part that may contain a piece of the password, because a special character in
 * it was not escaped, is never repeated in a message.
 */
final class PostgresUrl {
    /**
     * Names that resolvers accept, including Docker's and those in hosts files; letters of other alphabets arrive
     * encoded by IDN.
     */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9._])?");

    /** An address in brackets, with the zone that a link-local address needs. */
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f:.]+)(?:%(?:25)?+([A-Za-z0-9._~-]+))?\\]");

    private static final int MAX_PORT = 65_535;

    /** Settings that the place in the URL determines, by the names of the driver and of libpq. */
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
        // Only now, because a question mark may be part of a password, and the text after it must not be shown as a
        // setting.
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

    /** An empty name counts as none, as in libpq: the driver then uses the name of the operating system's user. */
    private static void setUser(Map<String, String> settings, String encoded) {
        String[] user = encoded.split(":", 2);
        if (!user[0].isEmpty()) {
            UrlText.set(settings, "user", user[0]);
        }
        if (user.length == 2) {
            UrlText.set(settings, "password", user[1]);
        }
    }

    /** One server in the driver's form: {@code HOST} or {@code HOST:PORT}. */
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

    /** Resolvers know names with other letters only in the form of IDNA (RFC 3490). */
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
            // With brackets, no name is resolved: it is an address, or the text is wrong.
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

    /**
     * Before all other checks, so that a user who names a socket by a setting gets that message, not one about a
     * missing host.
     */
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
        String meant = Stream.concat(
                        Stream.of("pool_size"), Stream.of(PGProperty.values()).map(PGProperty::getName))
                .filter(other ->
                        !PLACE.contains(other) && other.replace("_", "").equalsIgnoreCase(plain))
                .map(other -> " Is it '" + other + "'?")
                .findFirst()
                .orElse("");
        throw UrlText.refused("The PostgreSQL driver has no setting '" + name + "'." + meant);
    }
}
