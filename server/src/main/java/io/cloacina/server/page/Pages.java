package io.cloacina.server.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.http.StaticFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All pages. */
public final class Pages {
    private static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), "io.cloacina.server.templates");

    private final Scope scope;
    private final StaticFiles files = new StaticFiles(List.of("cloacina.css"));

    /** Of an engine. */
    public Pages(Scope scope) {
        this.scope = scope;
    }

    /** The routes of all pages, and of the files that these load. */
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(files.routes());
        routes.add(Route.get("/", this::overview));
        return routes;
    }

    /**
     * The form in which a caller logs in by a token; it is sent to {@code /login} by POST, with the fields {@code csrf},
     * {@code token} and {@code next}.
     *
     * @param next the path to show then, without the prefix
     * @param message what was wrong with the last attempt; empty at first
     */
    public Answer login(Call call, String next, String message) {
        return html(call, message.isEmpty() ? 200 : 401, "login.jte", Map.of("next", next, "message", message));
    }

    /** An error, for people. */
    public Answer problem(Call call, int status, String code, String message) {
        return html(call, status, "problem.jte", Map.of("status", status, "code", code, "message", message));
    }

    private Answer overview(Call call) {
        boolean mayOperate = !scope.isReadOnly() && call.user().role().includes(Role.OPERATE);
        return html(call, 200, "overview.jte", Map.of("status", scope.engine().status(), "mayOperate", mayOperate));
    }

    private Answer html(Call call, int status, String template, Map<String, Object> values) {
        Map<String, Object> all = new java.util.HashMap<>(values);
        all.put("call", call);
        all.put("files", files);
        StringOutput output = new StringOutput();
        TEMPLATES.render(template, all, output);
        return Answer.html(status, output.toString());
    }
}
