package io.cloacina.server.page;

import io.cloacina.engine.Engine;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The overview, failures, runners and the database. */
final class StatusPages {
    private static final Map<String, Duration> TIMES =
            Map.of("1h", Duration.ofHours(1), "24h", Duration.ofDays(1), "7d", Duration.ofDays(7));
    private static final String USUAL = "24h";

    private final Engine engine;
    private final View view;

    StatusPages(Engine engine, View view) {
        this.engine = engine;
        this.view = view;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/", call -> status(call, "overview.jte")),
                Route.get("/health", call -> status(call, "health.jte")),
                Route.get("/runners", this::runners),
                Route.get("/failures", this::failures));
    }

    private Answer status(Call call, String template) {
        return view.html(call, template, Map.of("status", engine.status()));
    }

    private Answer runners(Call call) {
        return view.html(call, "runners.jte", Map.of("status", engine.status(), "runners", engine.runners()));
    }

    private Answer failures(Call call) {
        String time = call.query("since").filter(TIMES::containsKey).orElse(USUAL);
        Instant since = Instant.now().minus(TIMES.getOrDefault(time, Duration.ofDays(1)));
        return view.html(call, "failures.jte", Map.of("failures", engine.failures(since), "since", time));
    }
}
