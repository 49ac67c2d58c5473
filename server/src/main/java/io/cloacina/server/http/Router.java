package io.cloacina.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a path: the first one whose literal parts fit. A path without a route is refused. */
public final class Router {
    private final List<Route> routes;

    /** Earlier routes take precedence. */
    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** A route with the parts of the path that its template names. */
    public record Match(Route route, Map<String, String> parts) {}

    /** All routes. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * The route for a path.
     *
     * @param path as it was sent, from the root of the servlet: escapes are not decoded, so an escaped slash does not
     *     separate parts
     */
    public Match find(Method method, String path) {
        List<String> given = parts(path);
        TreeSet<String> others = new TreeSet<>();
        List<Match> fitting = new ArrayList<>();
        for (Route route : routes) {
            Map<String, String> found = new HashMap<>();
            if (!fits(parts(route.template()), given, found)) {
                continue;
            }
            if (route.method() == method) {
                fitting.add(new Match(route, found));
            }
            others.add(route.method().name());
        }
        if (!fitting.isEmpty()) {
            return fitting.get(0);
        }
        if (others.isEmpty()) {
            throw new RequestException(
                    "UNKNOWN_PATH",
                    404,
                    "there is nothing at this path; the API is described at " + "/api/v1/openapi.json");
        }
        throw new RequestException(
                "METHOD_NOT_ALLOWED", 405, "this path knows " + String.join(", ", others) + ", and not " + method);
    }

    private static List<String> parts(String path) {
        return List.of(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
    }

    private static boolean fits(List<String> template, List<String> given, Map<String, String> found) {
        if (template.size() != given.size()) {
            return false;
        }
        for (int i = 0; i < given.size(); i++) {
            String expected = template.get(i);
            if (!expected.startsWith("{")) {
                if (!expected.equals(given.get(i))) {
                    return false;
                }
            } else if (given.get(i).isEmpty()) {
                return false;
            } else {
                found.put(expected.substring(1, expected.length() - 1), decoded(given.get(i)));
            }
        }
        return true;
    }

    /** Decodes a part of a path, in which a plus stands for itself. */
    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RequestException(
                    "MALFORMED_REQUEST", 400, "the path has a % that does not begin an escape: write it as %25");
        }
    }
}
