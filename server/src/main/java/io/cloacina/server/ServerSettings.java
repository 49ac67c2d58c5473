package io.cloacina.server;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.server.access.Authenticator;
import io.cloacina.server.access.Role;
import io.cloacina.server.access.User;
import io.cloacina.server.guard.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the web page and the HTTP API, and what they show. Immutable: each method returns a changed copy. Without
 * a token and without an authenticator, only programs and browsers on this machine are served, and they may do
 * everything.
 */
public final class ServerSettings {
    /** The minimum length of a token, in characters. */
    static final int LEAST_TOKEN = 16;

    private final List<Token> tokens;
    private final @Nullable Authenticator authenticator;
    private final Set<String> hosts;
    private final boolean isReadOnly;
    private final boolean hidesData;

    private ServerSettings(
            List<Token> tokens,
            @Nullable Authenticator authenticator,
            Set<String> hosts,
            boolean isReadOnly,
            boolean hidesData) {
        this.tokens = List.copyOf(tokens);
        this.authenticator = authenticator;
        this.hosts = Set.copyOf(hosts);
        this.isReadOnly = isReadOnly;
        this.hidesData = hidesData;
    }

    /** No tokens, no authenticator, changes allowed, data shown. */
    public static ServerSettings defaults() {
        return new ServerSettings(List.of(), null, Set.of(), false, false);
    }

    /**
     * Adds a token, with which a caller authenticates: in the header {@code Authorization: Bearer TOKEN}, or in the
     * login form.
     *
     * @param name the name of the caller in the audit log
     * @param token at least 16 printable ASCII characters without spaces, preferably random
     * @throws CloacinaException with the code {@code INVALID_TOKEN} if it is shorter, has other characters, or was
     *     already added
     */
    public ServerSettings token(String name, Role role, String token) {
        Arguments.given("a token", token);
        if (token.length() < LEAST_TOKEN || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new CloacinaException(
                    "INVALID_TOKEN",
                    "the token of '" + name + "' must have at least " + LEAST_TOKEN
                            + " printable ASCII characters and no spaces; create one with 'openssl rand -hex 32'");
        }
        if (tokens.stream().anyMatch(other -> other.secret().equals(token))) {
            throw new CloacinaException(
                    "INVALID_TOKEN", "the token of '" + name + "' is that of another user: give each one its own");
        }
        List<Token> all = new ArrayList<>(tokens);
        all.add(new Token(new User(name, role), token));
        return new ServerSettings(all, authenticator, hosts, isReadOnly, hidesData);
    }

    /** Sets the authenticator, which identifies callers that no token identifies. Default: none. */
    public ServerSettings authenticator(Authenticator given) {
        Arguments.given("an authenticator", given);
        return new ServerSettings(tokens, given, hosts, isReadOnly, hidesData);
    }

    /**
     * Sets the host names by which the server is reached, such as {@code workflows.example.com}, without a port. A
     * request to another name is refused. Default: any name; without tokens and authenticator, {@code localhost},
     * {@code 127.0.0.1} and {@code [::1]}.
     */
    public ServerSettings hosts(Collection<String> names) {
        Set<String> all = new TreeSet<>();
        Arguments.all("hosts", names).forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        return new ServerSettings(tokens, authenticator, all, isReadOnly, hidesData);
    }

    /** Sets whether every change is refused, whatever the role of the caller. Default: false. */
    public ServerSettings readOnly(boolean is) {
        return new ServerSettings(tokens, authenticator, hosts, is, hidesData);
    }

    /**
     * Sets whether the values of inputs, contexts and outputs, and the URLs of alerts, are hidden from every caller;
     * the page still shows the hosts of these URLs. Default: false.
     */
    public ServerSettings hideData(boolean hides) {
        return new ServerSettings(tokens, authenticator, hosts, isReadOnly, hides);
    }

    List<Token> tokens() {
        return tokens;
    }

    @Nullable
    Authenticator authenticator() {
        return authenticator;
    }

    Set<String> hosts() {
        return hosts;
    }

    boolean isReadOnly() {
        return isReadOnly;
    }

    boolean hidesData() {
        return hidesData;
    }

    /** Whether callers must authenticate. */
    boolean isProtected() {
        return !tokens.isEmpty() || authenticator != null;
    }
}
