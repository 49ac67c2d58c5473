package io.cloacina.server.http;

import io.cloacina.server.access.Role;
import io.cloacina.server.access.User;
import io.cloacina.server.guard.Caller;
import io.cloacina.server.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request that may be answered: its caller is identified, and all checks that protect the server were made. */
public final class Call {
    /** How large a body may be, in bytes. */
    public static final int MAX_BODY = 4 << 20;

    private static final int MAX_VALUES = 200;

    private final HttpServletRequest request;
    private final Map<String, String> parts;
    private final @Nullable User user;
    private final String csrf;
    private final Map<String, List<String>> query;
    private @Nullable Map<String, List<String>> form;

    /**
     * Creates a call.
     *
     * @param parts the values of the parts in braces of the route's template
     * @param user null if the caller need not authenticate
     * @param csrf the token that forms must contain
     */
    public Call(HttpServletRequest request, Map<String, String> parts, @Nullable User user, String csrf) {
        this.request = request;
        this.parts = Map.copyOf(parts);
        this.user = user;
        this.csrf = csrf;
        this.query = values(request.getQueryString());
    }

    /** A call without a route, or whose route failed: only the caller is used, to create a page. */
    public static Call plain(HttpServletRequest request, Caller caller) {
        return new Call(request, caller);
    }

    private Call(HttpServletRequest request, Caller caller) {
        this.request = request;
        this.parts = Map.of();
        this.user = caller.user();
        this.csrf = caller.csrf();
        this.query = Map.of(); // parsing it may be what failed
    }

    /** The request that the servlet received. */
    public HttpServletRequest request() {
        return request;
    }

    /** A part of the path, by its name in the template of the route. */
    public String part(String name) {
        String part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("the route has no part " + name);
        }
        return part;
    }

    /** A part of the path that is an id. */
    public UUID id(String name) {
        return uuid(name, part(name));
    }

    /** Parses an id that was given; {@code what} names it in the error. */
    public static UUID uuid(String what, String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new RequestException(
                "MALFORMED_REQUEST", 400, what + " must be a whole id, such as 01890a5d-ac96-774b-bcce-b302099a8057");
    }

    /** The value of a parameter in the URL; empty if it is absent or has no text. */
    public Optional<String> query(String name) {
        return first(query, name);
    }

    /** All values of a parameter in the URL that have text. */
    public List<String> queries(String name) {
        return all(query, name);
    }

    /** The names of all parameters in the URL. */
    public List<String> queryNames() {
        return List.copyOf(query.keySet());
    }

    /** The value of a field of the form that was sent; empty if it is absent or has no text. */
    public Optional<String> form(String name) {
        return first(form(), name);
    }

    /** All values of a field of the form that was sent. */
    public List<String> forms(String name) {
        return all(form(), name);
    }

    /** The object that was sent as JSON; empty if there is no body. */
    public Map<String, Object> body() {
        String text = text();
        if (text.isEmpty()) {
            return Map.of();
        }
        requireType("application/json");
        return Json.object(text, "the body");
    }

    /** A header; null if it was not sent. */
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    /** The idempotency key; null if none was sent. */
    public @Nullable String idempotencyKey() {
        String key = header("Idempotency-Key");
        return key == null || key.isBlank() ? null : key.strip();
    }

    /** The caller, who is identified. */
    public User user() {
        if (user == null) {
            throw new IllegalStateException("everybody may call this");
        }
        return user;
    }

    /**
     * Refuses a caller without that role, for a part of what a route does; {@code what} is an infinitive, such as "to delete".
     */
    public void require(Role role, String what) {
        if (!user().role().includes(role)) {
            throw new RequestException(
                    "ROLE",
                    403,
                    what + " needs the role " + role + ", and '" + user().name() + "' has " + user().role());
        }
    }

    /** The caller; empty if it need not authenticate for this route, and did not. */
    public Optional<User> knownUser() {
        return Optional.ofNullable(user);
    }

    /** The token that each form must contain, as the field {@code csrf}. */
    public String csrf() {
        return csrf;
    }

    /** A path of this server, with the prefix under which it is reached: for links and forms. */
    public String url(String path) {
        return prefix(request) + path;
    }

    /** The path that was requested, without the prefix, with its parameters. */
    public String path() {
        String asked = request.getRequestURI().substring(prefix(request).length());
        return request.getQueryString() == null ? asked : asked + "?" + request.getQueryString();
    }

    /** The address of the caller. */
    public String address() {
        return request.getRemoteAddr();
    }

    /** The prefix under which the servlet of a request is reached; empty for none. */
    public static String prefix(HttpServletRequest request) {
        return request.getContextPath() + request.getServletPath();
    }

    private Map<String, List<String>> form() {
        if (form == null) {
            String text = text();
            if (!text.isEmpty()) {
                requireType("application/x-www-form-urlencoded");
            }
            form = values(text);
        }
        return form;
    }

    private void requireType(String expected) {
        String type = request.getContentType();
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(expected)) {
            throw new RequestException(
                    "CONTENT_TYPE",
                    415,
                    "the body must be of the type " + expected + ": set it in the header Content-Type");
        }
    }

    private String text() {
        return new String(bytes(MAX_BODY), StandardCharsets.UTF_8);
    }

    /** The body as it was sent, with at most so many bytes. It can be read once. */
    public byte[] bytes(int most) {
        try (InputStream in = request.getInputStream()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new RequestException("BODY_TOO_LARGE", 413, "a body has at most " + most + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            // An error of the caller's connection; logging it would let any sender fill the log with stack traces.
            throw new RequestException(
                    "MALFORMED_REQUEST", 400, "the body could not be read: it ended too early, or took too long");
        }
    }

    private static Optional<String> first(Map<String, List<String>> values, String name) {
        return all(values, name).stream().findFirst();
    }

    private static List<String> all(Map<String, List<String>> values, String name) {
        return values.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isBlank())
                .toList();
    }

    private static Map<String, List<String>> values(@Nullable String encoded) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (encoded == null || encoded.isEmpty()) {
            return values;
        }
        String[] pairs = encoded.split("&", -1);
        if (pairs.length > MAX_VALUES) {
            throw new RequestException("MALFORMED_REQUEST", 400, "at most " + MAX_VALUES + " parameters can be given");
        }
        for (String pair : pairs) {
            String[] both = pair.split("=", 2);
            values.computeIfAbsent(decoded(both[0]), name -> new ArrayList<>())
                    .add(both.length == 1 ? "" : decoded(both[1]));
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RequestException(
                    "MALFORMED_REQUEST", 400, "a parameter has a % that does not begin an escape: write it as %25");
        }
    }
}
