package io.cloacina.server.guard;

import io.cloacina.server.access.Authenticator;
import io.cloacina.server.access.Role;
import io.cloacina.server.access.User;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Identifies the sender of a request, and decides whether the request comes from an allowed origin. Thread safe. */
public final class Guard {
    /** The cookie that a login sets. */
    public static final String COOKIE = "cloacina_session";

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int LOGINS_A_MINUTE = 5;
    private static final User LOCAL = new User("local", Role.ADMIN);

    private final List<Token> tokens;
    private final @Nullable Authenticator authenticator;
    private final Set<String> hosts;
    private final Secrets secrets = new Secrets();
    private final Sessions sessions;
    private final Attempts attempts;

    /**
     * Creates a guard.
     *
     * @param authenticator null if only tokens are known
     * @param hosts the names by which the server may be reached; if empty, any name, or, where callers need not authenticate,
     *     those of the loopback interface
     * @param nanos a monotonic clock
     */
    public Guard(List<Token> tokens, @Nullable Authenticator authenticator, Set<String> hosts, LongSupplier nanos) {
        this.tokens = List.copyOf(tokens);
        this.authenticator = authenticator;
        this.hosts = Set.copyOf(hosts);
        this.sessions = new Sessions(secrets, nanos);
        this.attempts = new Attempts(LOGINS_A_MINUTE, nanos);
    }

    /** Whether callers on this machine need not authenticate. */
    public boolean isOpen() {
        return tokens.isEmpty() && authenticator == null;
    }

    /** Whether users log in with a token. */
    public boolean hasTokens() {
        return !tokens.isEmpty();
    }

    /**
     * Whether the request was sent to a name of this server. A page of another server can make a browser resolve that server's
     * name to this address (DNS rebinding), but the request still has that server's name.
     */
    public boolean isHere(HttpServletRequest request) {
        String host = name(request.getHeader("Host"));
        if (!hosts.isEmpty()) {
            return hosts.contains(host);
        }
        return !isOpen() || (LOOPBACK.contains(host) && isFromHere(request));
    }

    /** Whether a change was requested by a page of this server, or not by a page. */
    public boolean isOwn(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        String origin = request.getHeader("Origin");
        return origin == null
                || origin.replaceFirst("^https?://", "").equalsIgnoreCase(String.valueOf(request.getHeader("Host")));
    }

    /** Identifies the sender of a request. */
    public Caller caller(HttpServletRequest request) {
        if (isOpen()) {
            return new Caller(LOCAL, true, secrets.codeOf("local"));
        }
        Optional<User> bearer = bearer(request).flatMap(this::find);
        if (bearer.isPresent()) {
            return new Caller(bearer.get(), false, secrets.codeOf("bearer"));
        }
        Optional<String> session = session(request);
        Optional<User> loggedIn = session.flatMap(sessions::find);
        if (loggedIn.isPresent()) {
            return new Caller(loggedIn.get(), true, secrets.codeOf("session " + session.get()));
        }
        User known = authenticator == null
                ? null
                : authenticator.authenticate(request).orElse(null);
        return known == null
                ? new Caller(null, true, secrets.codeOf("login"))
                : new Caller(known, !isProgram(request), secrets.codeOf("user " + known.name()));
    }

    /**
     * Whether a page of another server cannot have made a browser send the request. Browsers send a password of HTTP Basic
     * automatically, but JSON to another server only with its permission, which is never given.
     */
    private static boolean isProgram(HttpServletRequest request) {
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        return bearer(request).isPresent()
                || (request.getHeader("Authorization") != null && type.startsWith("application/json"));
    }

    /** Whether a form contains the right CSRF token. */
    public boolean isFromForm(Caller caller, @Nullable String csrf) {
        return csrf != null && Secrets.isSame(caller.csrf(), csrf);
    }

    /** Counts an attempt to log in from an address; whether it is allowed. */
    public boolean mayTry(String address) {
        return attempts.isAllowed(address);
    }

    /** Logs a user in; returns the value of the cookie, or empty if the token is unknown. */
    public Optional<String> login(String token) {
        return find(token).map(sessions::begin);
    }

    /** Logs the sender of a request out. */
    public void logout(HttpServletRequest request) {
        session(request).ifPresent(sessions::end);
    }

    /** Compares with all tokens, so that the time does not depend on which one fits. */
    private Optional<User> find(String secret) {
        User found = null;
        for (Token token : tokens) {
            if (Secrets.isSame(token.secret(), secret)) {
                found = token.user();
            }
        }
        return Optional.ofNullable(found);
    }

    private static Optional<String> bearer(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.of(header.substring(7).strip())
                : Optional.empty();
    }

    private static Optional<String> session(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(COOKIE)) {
                    return Optional.of(cookie.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Whether the request comes from this machine and not through a proxy. A container that knows proxies reports the address
     * that the proxy gave for the caller; its own address is unchanged.
     */
    private static boolean isFromHere(HttpServletRequest request) {
        boolean isForwarded = request.getHeader("Forwarded") != null || request.getHeader("X-Forwarded-For") != null;
        return !isForwarded && isLocal(request.getRemoteAddr()) && isLocal(request.getLocalAddr());
    }

    private static boolean isLocal(String address) {
        return address.startsWith("127.")
                || address.equals("0:0:0:0:0:0:0:1")
                || address.equals("[::1]")
                || address.equals("::1")
                || address.equals("[0:0:0:0:0:0:0:1]");
    }

    /** A host name without the port, in lower case; empty if there is none. */
    private static String name(@Nullable String host) {
        return host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
    }
}
