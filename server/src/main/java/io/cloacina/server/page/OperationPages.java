package io.cloacina.server.page;

import io.cloacina.api.BulkActionKind;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.BulkPreview;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.UnknownOperationException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Bulk operations on all executions that a search finds: first a preview, then the progress. */
final class OperationPages {
    private static final String ALL = "/operations";
    private static final int SHOWN = 100;

    private final Engine engine;
    private final View view;

    OperationPages(Engine engine, View view) {
        this.engine = engine;
        this.view = view;
    }

    List<Route> routes() {
        return List.of(
                Route.get(ALL, this::list),
                Route.get(ALL + "/preview", this::preview),
                Route.get(ALL + "/{id}", this::one),
                Route.post(ALL, Role.OPERATE, this::start),
                Route.post(ALL + "/{id}/stop", Role.OPERATE, this::stop));
    }

    private Answer list(Call call) {
        return view.html(
                call, "operations.jte", Map.of("operations", engine.operations().list(SHOWN)));
    }

    private Answer preview(Call call) {
        SearchForm form = SearchForm.of(call);
        BulkAction action = action(call.query("action").orElse(""), call);
        BulkPreview preview = engine.operations().preview(form.query(), action);
        return view.html(
                call,
                "preview.jte",
                Map.of("form", form, "action", action, "preview", preview, "mayDelete", mayDelete(call)));
    }

    private Answer one(Call call) {
        BulkOperation operation =
                engine.operations().find(call.id("id")).orElseThrow(() -> new UnknownOperationException(call.id("id")));
        boolean isStuck = !operation.isEnded() && engine.runners().stream().noneMatch(Runner::isAlive);
        return view.html(call, "operation.jte", Map.of("operation", operation, "isStuck", isStuck));
    }

    /**
     * Starts an operation. The search is in the URL, as on the page before. A missing search is refused, so that it
     * does not select all executions by mistake.
     */
    private Answer start(Call call) {
        BulkAction action = action(call.form("action").orElse(""), call);
        if (action.kind() == BulkActionKind.DELETE) {
            call.require(Role.ADMIN, "to delete");
        }
        SearchForm form = SearchForm.of(call);
        if (form.isEmpty() && call.form("all").isEmpty()) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_QUERY,
                    "there is no search: begin at the list of executions, and choose an action there");
        }
        UUID id = engine.operations().start(form.query(), action, call.user().name());
        return Answer.seeOther(call.url(ALL + "/" + id));
    }

    private Answer stop(Call call) {
        engine.operations().stop(call.id("id"));
        return Answer.seeOther(call.url(ALL + "/" + call.id("id")));
    }

    private static boolean mayDelete(Call call) {
        return call.user().role().includes(Role.ADMIN);
    }

    private static BulkAction action(String label, Call call) {
        BulkActionKind kind = Arrays.stream(BulkActionKind.values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new CloacinaException(
                        ErrorCodes.INVALID_QUERY, "an action must be cancel, pause, resume, retry, restart or delete"));
        return switch (kind) {
            case CANCEL -> BulkAction.cancel();
            case PAUSE -> BulkAction.pause(call.form("reason").orElse(null));
            case RESUME -> BulkAction.resume();
            case RETRY -> BulkAction.retry();
            case RESTART -> BulkAction.restart();
            case DELETE -> BulkAction.delete();
        };
    }
}
