package io.cloacina.server.page;

import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.http.StaticFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All pages of the web page. */
public final class Pages {
    private final Scope scope;
    private final StaticFiles files = new StaticFiles(List.of("cloacina.css", "cloacina.js", "cloacina.svg"));
    private final View view;
    private final Refreshes refreshes = new Refreshes();

    /** The pages for an engine. */
    public Pages(Scope scope) {
        this.scope = scope;
        this.view = new View(scope, files);
    }

    /** The routes of all pages, and of the files that these load. */
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new StatusPages(scope.engine(), view).routes());
        routes.addAll(new ExecutionPages(scope, view).routes());
        routes.addAll(new ExecutionActions(scope.engine()).routes());
        routes.addAll(new OperationPages(scope.engine(), view).routes());
        routes.addAll(new AuditPages(scope.engine(), view).routes());
        routes.addAll(new WorkflowPages(scope.engine(), view).routes());
        routes.addAll(new SchedulePages(scope.engine(), view).routes());
        routes.addAll(new AlertPages(scope, view).routes());
        routes.addAll(new HookPages(scope.engine(), view).routes());
        return Stream.concat(files.routes().stream(), routes.stream().map(refreshes::bounded))
                .toList();
    }

    /**
     * The form with which a user logs in with a token; it is sent to {@code /login} by POST, with the fields {@code csrf},
     * {@code token} and {@code next}.
     *
     * @param next the path to show after the login, without the prefix
     * @param message what was wrong with the last attempt; empty at first
     */
    public Answer login(Call call, String next, String message) {
        return view.html(call, message.isEmpty() ? 200 : 401, "login.jte", Map.of("next", next, "message", message));
    }

    /** The page for an error. */
    public Answer problem(Call call, int status, String code, String message) {
        return view.html(call, status, "problem.jte", Map.of("status", status, "code", code, "message", message));
    }
}
