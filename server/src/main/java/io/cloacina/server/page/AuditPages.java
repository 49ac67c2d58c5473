package io.cloacina.server.page;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.Route;
import java.util.List;
import java.util.Map;

/** The audit log. */
final class AuditPages {
    private static final String ALL = "/audit";
    private static final int SHOWN = 50;

    private final Engine engine;
    private final View view;

    AuditPages(Engine engine, View view) {
        this.engine = engine;
        this.view = view;
    }

    List<Route> routes() {
        return List.of(new Route(Method.GET, ALL, Role.ADMIN, this::list));
    }

    private Answer list(Call call) {
        String user = call.query("user").orElse("");
        String about = call.query("about").map(String::strip).orElse("");
        AuditQuery query = AuditQuery.all().limit(SHOWN);
        query = user.isEmpty() ? query : query.user(user);
        query = about.isEmpty() ? query : query.about(about);
        query = call.query("before")
                .map(text -> Call.uuid("before", text))
                .map(query::before)
                .orElse(query);
        List<AuditEntry> entries = engine.audit().list(query);
        String search = ALL + "?user=" + Shown.encoded(user) + "&about=" + Shown.encoded(about);
        String older = entries.size() < SHOWN
                ? ""
                : search + "&before=" + entries.get(entries.size() - 1).id();
        String newest = query.before().isEmpty() ? "" : search;
        return view.html(
                call,
                "audit.jte",
                Map.of("entries", entries, "user", user, "about", about, "older", older, "newest", newest));
    }
}
