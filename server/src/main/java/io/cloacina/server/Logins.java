package io.cloacina.server;

import io.cloacina.server.guard.Guard;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import io.cloacina.server.page.Pages;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lets users log in with a token, and log out. */
final class Logins {
    private final Guard guard;
    private final Pages pages;

    Logins(Guard guard, Pages pages) {
        this.guard = guard;
        this.pages = pages;
    }

    List<Route> routes() {
        return List.of(
                new Route(
                        Method.GET,
                        "/login",
                        null,
                        call -> pages.login(call, next(call.query("next").orElse("/")), "")),
                new Route(Method.POST, "/login", null, this::login),
                new Route(Method.POST, "/logout", null, this::logout));
    }

    private Answer login(Call call) {
        if (!guard.mayTry(call.address())) {
            throw new RequestException(
                    "TOO_MANY_LOGINS", 429, "five attempts to log in are allowed a minute: wait a minute");
        }
        String next = next(call.form("next").orElse("/"));
        return guard.login(call.form("token").orElse("").strip())
                .map(session -> Answer.seeOther(call.url(next)).with("Set-Cookie", cookie(call, session)))
                .orElseGet(() -> pages.login(call, next, "No user has this token."));
    }

    private Answer logout(Call call) {
        guard.logout(call.request());
        return Answer.seeOther(call.url("/login")).with("Set-Cookie", cookie(call, "") + "; Max-Age=0");
    }

    private static String cookie(Call call, String value) {
        return Guard.COOKIE + "=" + value + "; Path=" + call.url("/") + "; HttpOnly; SameSite=Strict"
                + (call.request().isSecure() ? "; Secure" : "");
    }

    /** A path of this server; the first page for a text that could lead elsewhere. */
    private static String next(String given) {
        boolean isPath = given.startsWith("/")
                && !given.startsWith("//")
                && given.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\');
        return isPath ? given : "/";
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
