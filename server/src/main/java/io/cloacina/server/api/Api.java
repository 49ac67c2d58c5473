package io.cloacina.server.api;

import io.cloacina.engine.Engine;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.StatusJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API. {@code openapi.json} beside {@code CloacinaServlet} describes it; a test compares both. */
public final class Api {
    /** The path below which all routes are. */
    public static final String ROOT = "/api/v1";

    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final UUID NOBODY = new UUID(0, 0);

    private Api() {}

    /** The routes of the API. */
    public static List<Route> routes(Scope scope, EventStreams streams) {
        Engine engine = scope.engine();
        ExecutionSearch search = new ExecutionSearch(scope);
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get(ROOT + "/executions", search::list));
        routes.add(Route.get(ROOT + "/failures", search::failures));
        routes.addAll(new ExecutionRoutes(scope).routes(ROOT));
        routes.addAll(new ExecutionChanges(scope, ROOT).routes());
        routes.addAll(new OperationRoutes(engine, ROOT).routes());
        routes.addAll(new WorkflowRoutes(scope).routes(ROOT));
        routes.addAll(new ScheduleRoutes(scope, ROOT).routes());
        routes.add(Route.get(ROOT + "/events", streams::open));
        routes.add(new Route(Method.GET, ROOT + "/audit", Role.ADMIN, call -> AuditRoutes.list(call, engine)));
        routes.addAll(new HookRoutes(engine, ROOT).routes());
        routes.addAll(new AlertRoutes(scope, ROOT).routes());
        routes.add(Route.get(ROOT + "/status", call -> status(call, engine)));
        String description = description();
        routes.add(new Route(
                Method.GET, ROOT + "/openapi.json", null, call -> Answer.text(200, "application/json", description)));
        routes.add(new Route(Method.GET, ROOT + "/health/live", null, call -> health(200, "up")));
        routes.add(new Route(Method.GET, ROOT + "/health/ready", null, call -> ready(engine)));
        return routes;
    }

    private static Answer status(Call call, Engine engine) {
        new Params(call);
        return Answer.json(StatusJson.of(engine.status()));
    }

    /** For every caller: the answer contains nothing else. */
    private static Answer ready(Engine engine) {
        try {
            engine.find(NOBODY);
            return health(200, "up");
        } catch (RuntimeException e) {
            // Whatever the error of the database is, the answer is that it does not work.
            LOG.warn("not ready: {}", e.toString());
            return health(503, "down");
        }
    }

    private static Answer health(int status, String text) {
        return Answer.json(status, Json.fields().put("status", text));
    }

    private static String description() {
        try (InputStream in = Api.class.getResourceAsStream("/io/cloacina/server/openapi.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
