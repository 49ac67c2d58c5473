package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.AlertKind;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.UnknownAlertException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stores, enables, disables and tests alerts. A user who stores an alert chooses a URL that a runner calls. */
final class AlertRoutes {
    private final Engine engine;
    private final boolean hidesData;
    private final String root;

    AlertRoutes(Scope scope, String root) {
        this.engine = scope.engine();
        this.hidesData = scope.hidesData();
        this.root = root;
    }

    List<Route> routes() {
        String all = root + "/alerts";
        String one = all + "/{name}";
        return List.of(
                new Route(Method.GET, all, Role.ADMIN, this::list),
                new Route(Method.GET, one, Role.ADMIN, this::shown),
                new Route(Method.PUT, one, Role.ADMIN, this::put),
                new Route(Method.DELETE, one, Role.ADMIN, this::delete),
                Route.post(one + "/enable", Role.ADMIN, this::enable),
                Route.post(one + "/disable", Role.ADMIN, this::disable),
                Route.post(one + "/test", Role.ADMIN, this::test));
    }

    private Answer list(Call call) {
        new Params(call);
        ObjectNode node = Json.fields();
        node.set("alerts", Json.array(engine.alerts().list(), this::json));
        return Answer.json(node.put("evaluated", engine.alerts().areEvaluated()));
    }

    private Answer shown(Call call) {
        new Params(call);
        return one(call);
    }

    private Answer one(Call call) {
        Alert alert = engine.alerts().find(call.part("name")).orElseThrow(() -> unknown(call));
        return Answer.json(json(alert));
    }

    /** Hides the URL as well, because with many receivers it contains a secret. */
    private ObjectNode json(Alert alert) {
        ObjectNode node = JsonOf.alert(alert);
        return hidesData ? node.put("url", Hidden.TEXT) : node;
    }

    private Answer put(Call call) {
        new Params(call);
        Fields body =
                new Fields(call, "kind", "url", "secret", "workflow", "percent", "executions", "duration", "statuses");
        AlertRule rule = new AlertRule(
                call.part("name"),
                Params.labeled("kind", body.required("kind"), AlertKind.values()),
                AlertRule.parsedUrl(body.required("url")),
                body.text("workflow").orElse(null),
                body.number("percent").orElse(0),
                body.number("executions").orElse(0),
                body.span("duration").orElse(Duration.ZERO),
                statuses(body));
        Optional<String> secret = body.text("secret");
        if (secret.isPresent()) {
            engine.alerts().put(rule, secret.get());
        } else {
            engine.alerts().put(rule);
        }
        return one(call);
    }

    private static Set<ExecutionStatus> statuses(Fields body) {
        Set<ExecutionStatus> statuses = new LinkedHashSet<>();
        body.texts("statuses")
                .forEach(label -> statuses.add(Params.labeled("statuses", label, ExecutionStatus.values())));
        return statuses;
    }

    private Answer delete(Call call) {
        new Fields(call);
        if (!engine.alerts().delete(call.part("name"))) {
            throw unknown(call);
        }
        return Answer.empty();
    }

    private Answer enable(Call call) {
        new Fields(call);
        engine.alerts().enable(call.part("name"));
        return one(call);
    }

    private Answer disable(Call call) {
        new Fields(call);
        engine.alerts().disable(call.part("name"));
        return one(call);
    }

    private Answer test(Call call) {
        new Fields(call);
        UUID id = engine.alerts().test(call.part("name"));
        return Answer.json(201, Json.fields().put("execution", id.toString()))
                .with("Location", call.url(root + "/executions/" + id));
    }

    private static UnknownAlertException unknown(Call call) {
        return new UnknownAlertException(call.part("name"));
    }
}
