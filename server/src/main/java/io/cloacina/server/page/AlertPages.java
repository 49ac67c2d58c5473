package io.cloacina.server.page;

import io.cloacina.api.AlertKind;
import io.cloacina.api.Durations;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.UnknownAlertException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Alerts: their states, and a form for each kind. */
final class AlertPages {
    private static final String ALL = "/alerts";
    private static final String ONE = ALL + "/{name}";

    private final Engine engine;
    private final boolean hidesData;
    private final View view;

    AlertPages(Scope scope, View view) {
        this.engine = scope.engine();
        this.hidesData = scope.hidesData();
        this.view = view;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, ALL, Role.ADMIN, this::list),
                Route.post(ALL, Role.ADMIN, this::put),
                action("enable", name -> engine.alerts().enable(name)),
                action("disable", name -> engine.alerts().disable(name)),
                action("delete", this::delete),
                Route.post(ONE + "/test", Role.ADMIN, this::test));
    }

    private static Route action(String action, Consumer<String> does) {
        return Route.post(ONE + "/" + action, Role.ADMIN, call -> {
            does.accept(call.part("name"));
            return Answer.seeOther(call.url(ALL));
        });
    }

    private Answer list(Call call) {
        return view.html(
                call,
                "alerts.jte",
                Map.of(
                        "alerts",
                        engine.alerts().list(),
                        "hidesData",
                        hidesData,
                        "areEvaluated",
                        engine.alerts().areEvaluated(),
                        "areEventsOn",
                        engine.events().isEnabled()));
    }

    private Answer put(Call call) {
        AlertRule rule = new AlertRule(
                text(call, "name").orElse(""),
                labeled(AlertKind.values(), text(call, "kind").orElse("")),
                AlertRule.parsedUrl(text(call, "url").orElse("")),
                text(call, "workflow").orElse(null),
                number(call, "percent"),
                number(call, "executions"),
                text(call, "duration").map(AlertPages::duration).orElse(Duration.ZERO),
                statuses(call));
        Optional<String> secret = text(call, "secret");
        if (secret.isPresent()) {
            engine.alerts().put(rule, secret.get());
        } else {
            engine.alerts().put(rule);
        }
        return Answer.seeOther(call.url(ALL));
    }

    private void delete(String name) {
        if (!engine.alerts().delete(name)) {
            throw new UnknownAlertException(name);
        }
    }

    private Answer test(Call call) {
        return Answer.seeOther(call.url("/executions/" + engine.alerts().test(call.part("name"))));
    }

    private static Optional<String> text(Call call, String field) {
        return call.form(field).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static int number(Call call, String field) {
        try {
            return text(call, field).map(Integer::parseInt).orElse(0);
        } catch (NumberFormatException e) {
            throw refused(field + " must be a whole number");
        }
    }

    private static Duration duration(String text) {
        return Durations.parseDelay(text)
                .orElseThrow(() -> refused("a duration must be such as 30s, 15m, 1h30m or 2d"));
    }

    private static Set<ExecutionStatus> statuses(Call call) {
        Set<ExecutionStatus> statuses = new LinkedHashSet<>();
        call.forms("status").forEach(label -> statuses.add(labeled(ExecutionStatus.values(), label)));
        return statuses;
    }

    private static <E extends Labeled> E labeled(E[] all, String label) {
        return Arrays.stream(all)
                .filter(each -> each.label().equalsIgnoreCase(label))
                .findFirst()
                .orElseThrow(() -> refused("the form has a choice that is not known: reload the page"));
    }

    private static RequestException refused(String message) {
        return new RequestException("MALFORMED_REQUEST", 400, message);
    }
}
