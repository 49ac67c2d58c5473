package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloacina.api.CatchUpPolicy;
import io.cloacina.engine.Engine;
import io.cloacina.engine.Schedules;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.engine.model.UnknownScheduleException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Stores, enables, disables and fires schedules. */
final class ScheduleRoutes {
    private static final int MOST_TIMES = 1_000;
    private static final int MOST_OCCURRENCES = 1_000;

    private final Engine engine;
    private final boolean hidesData;
    private final String root;

    ScheduleRoutes(Scope scope, String root) {
        this.engine = scope.engine();
        this.hidesData = scope.hidesData();
        this.root = root;
    }

    List<Route> routes() {
        String all = root + "/schedules";
        String one = all + "/{name}";
        return List.of(
                Route.get(all, this::list),
                Route.get(one, call -> shown(call)),
                new Route(Method.PUT, one, Role.ADMIN, this::put),
                new Route(Method.DELETE, one, Role.ADMIN, this::delete),
                Route.post(one + "/enable", Role.OPERATE, this::enable),
                Route.post(one + "/disable", Role.OPERATE, this::disable),
                Route.post(one + "/fire", Role.OPERATE, this::fire),
                Route.get(one + "/next", this::next),
                Route.get(one + "/history", this::history),
                Route.get(one + "/statistics", this::statistics));
    }

    private Schedules schedules() {
        return engine.schedules();
    }

    private Answer list(Call call) {
        new Params(call);
        ObjectNode node = Json.fields();
        node.set("schedules", Json.array(schedules().list(), this::json));
        return Answer.json(node);
    }

    private Answer shown(Call call) {
        new Params(call);
        String name = call.part("name");
        return Answer.json(json(schedules().find(name).orElseThrow(() -> new UnknownScheduleException(name))));
    }

    private Answer put(Call call) {
        Fields body = new Fields(call, "workflow", "cron", "zone", "input", "catch_up", "start_at", "end_at");
        if (hidesData && !body.has("input")) {
            throw new RequestException(
                    "MALFORMED_REQUEST",
                    400,
                    "the field input is needed: this server hides the stored input, and storing the schedule without"
                            + " it would remove it");
        }
        Schedule schedule = Schedule.of(call.part("name"), body.required("workflow"))
                .cron(body.required("cron"))
                .zone(body.text("zone").orElse("UTC"))
                .input(body.object("input").orElse(Map.of()))
                .between(
                        body.instant("start_at").orElse(null),
                        body.instant("end_at").orElse(null));
        schedule = body.fields("catch_up", "policy", "at_most", "max_age")
                .map(ScheduleRoutes::catchUp)
                .map(schedule::catchUp)
                .orElse(schedule);
        return Answer.json(json(schedules().put(schedule)));
    }

    private static CatchUp catchUp(Fields given) {
        Duration age = given.span("max_age").orElse(Duration.ofDays(3_650));
        return switch (Params.labeled("policy", given.required("policy"), CatchUpPolicy.values())) {
            case SKIP -> CatchUp.skip();
            case RUN_ONCE -> CatchUp.runOnce(age);
            case RUN_ALL -> CatchUp.runAll(given.number("at_most").orElse(100), age);
        };
    }

    private Answer delete(Call call) {
        String name = call.part("name");
        if (!schedules().delete(name)) {
            throw new UnknownScheduleException(name);
        }
        return Answer.empty();
    }

    private Answer enable(Call call) {
        new Fields(call);
        schedules().enable(call.part("name"));
        return shown(call);
    }

    private Answer disable(Call call) {
        new Fields(call);
        schedules().disable(call.part("name"));
        return shown(call);
    }

    private Answer fire(Call call) {
        new Fields(call);
        UUID id = schedules().fire(call.part("name"));
        return Answer.json(201, ExecutionRoutes.json(engine, ExecutionRoutes.find(engine, id)))
                .with("Location", call.url(root + "/executions/" + id));
    }

    private Answer next(Call call) {
        int count = new Params(call, "count").number("count", 1, MOST_TIMES, 10);
        List<Instant> times = schedules().next(call.part("name"), count);
        ObjectNode node = Json.fields();
        node.set("times", Json.array(times, time -> TextNode.valueOf(time.toString())));
        return Answer.json(node);
    }

    private Answer history(Call call) {
        int limit = new Params(call, "limit").number("limit", 1, MOST_OCCURRENCES, 50);
        ObjectNode node = Json.fields();
        node.set("occurrences", Json.array(schedules().history(call.part("name"), limit), JsonOf::occurrence));
        return Answer.json(node);
    }

    private Answer statistics(Call call) {
        new Params(call);
        return Answer.json(JsonOf.statistics(schedules().statistics(call.part("name"))));
    }

    private ObjectNode json(ScheduleState state) {
        ObjectNode node = JsonOf.schedule(state);
        if (hidesData) {
            node.set("input", Hidden.of(node.get("input")));
        }
        return node;
    }
}
