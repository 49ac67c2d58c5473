package io.cloacina.server.api;

import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.StatusJson;
import java.util.ArrayList;
import java.util.List;

/** All of the API. */
public final class Api {
    private static final String ROOT = "/api/v1";

    private Api() {}

    /** Its routes. */
    public static List<Route> routes(Scope scope) {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get(ROOT + "/status", call -> Answer.json(StatusJson.of(scope.engine().status()))));
        return routes;
    }
}
