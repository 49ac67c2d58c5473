package io.cloacina.server.page;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.UnknownScheduleException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Schedules. */
final class SchedulePages {
    private static final String ALL = "/schedules";
    private static final String ONE = ALL + "/{name}";
    private static final int NEXT = 5;
    private static final int HISTORY = 60;

    private final Engine engine;
    private final View view;

    SchedulePages(Engine engine, View view) {
        this.engine = engine;
        this.view = view;
    }

    List<Route> routes() {
        return List.of(
                Route.get(ALL, this::list),
                Route.get(ONE, this::one),
                action("enable", name -> engine.schedules().enable(name)),
                action("disable", name -> engine.schedules().disable(name)),
                Route.post(ONE + "/fire", Role.OPERATE, this::fire));
    }

    private static Route action(String action, Consumer<String> does) {
        return Route.post(ONE + "/" + action, Role.OPERATE, call -> {
            does.accept(call.part("name"));
            return Answer.seeOther(call.url(ALL + "/" + Shown.encoded(call.part("name"))));
        });
    }

    private Answer list(Call call) {
        return view.html(
                call, "schedules.jte", Map.of("schedules", engine.schedules().list()));
    }

    private Answer one(Call call) {
        String name = call.part("name");
        return view.html(
                call,
                "schedule.jte",
                Map.of(
                        "state",
                        engine.schedules().find(name).orElseThrow(() -> new UnknownScheduleException(name)),
                        "next",
                        engine.schedules().next(name, NEXT),
                        "history",
                        engine.schedules().history(name, HISTORY),
                        "statistics",
                        engine.schedules().statistics(name)));
    }

    private Answer fire(Call call) {
        return Answer.seeOther(call.url("/executions/" + engine.schedules().fire(call.part("name"))));
    }
}
