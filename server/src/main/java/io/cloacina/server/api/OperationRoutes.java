package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.BulkActionKind;
import io.cloacina.engine.BulkOperations;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.UnknownOperationException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import java.util.UUID;

/** Bulk operations on all executions that a search finds, with the parameters of {@code GET /executions}. */
final class OperationRoutes {
    private static final int SHOWN = 50;
    private static final int MOST = 500;

    private final Engine engine;
    private final String all;

    OperationRoutes(Engine engine, String root) {
        this.engine = engine;
        this.all = root + "/operations";
    }

    List<Route> routes() {
        return List.of(
                Route.get(all, this::list),
                Route.post(all, Role.OPERATE, this::start),
                Route.get(all + "/preview", this::preview),
                Route.get(all + "/{id}", this::get),
                Route.post(all + "/{id}/stop", Role.OPERATE, this::stop));
    }

    private Answer list(Call call) {
        int limit = new Params(call, "limit").number("limit", 1, MOST, SHOWN);
        ObjectNode node = Json.fields();
        node.set("operations", Json.array(operations().list(limit), JsonOf::operation));
        return Answer.json(node);
    }

    private Answer preview(Call call) {
        Params params = Params.of(call, ExecutionSearch.CONDITIONS, "action", "all");
        BulkActionKind kind = params.text("action")
                .map(text -> Params.labeled("action", text, BulkActionKind.values()))
                .orElseThrow(() -> Params.refused("the parameter action is needed: retry, cancel and the like"));
        BulkAction action = action(kind, Fields.none());
        return Answer.json(JsonOf.preview(operations().preview(query(params), action), action));
    }

    private Answer start(Call call) {
        Params params = Params.of(call, ExecutionSearch.CONDITIONS, "all");
        Fields body = new Fields(call, "action", "reason", "from", "even_after_compensation", "with_compensation");
        BulkActionKind kind = Params.labeled("action", body.required("action"), BulkActionKind.values());
        if (kind == BulkActionKind.DELETE) {
            call.require(Role.ADMIN, "to delete");
        }
        ExecutionQuery query = query(params);
        BulkAction action = action(kind, body);
        String by = call.user().name();
        String key = call.idempotencyKey();
        UUID id = key == null
                ? operations().start(query, action, by)
                : operations().start(query, action, by, key);
        return Answer.json(201, JsonOf.operation(find(id))).with("Location", call.url(all + "/" + id));
    }

    private Answer get(Call call) {
        new Params(call);
        return Answer.json(JsonOf.operation(find(call.id("id"))));
    }

    private Answer stop(Call call) {
        new Fields(call);
        operations().stop(call.id("id"));
        return get(call);
    }

    private BulkOperations operations() {
        return engine.operations();
    }

    private BulkOperation find(UUID id) {
        return operations().find(id).orElseThrow(() -> new UnknownOperationException(id));
    }

    /**
     * Requires conditions or {@code all=true}, so that a missing condition does not select all executions by mistake.
     */
    private static ExecutionQuery query(Params params) {
        boolean isAll = params.text("all").filter("true"::equals).isPresent();
        if (isAll == params.hasAny(ExecutionSearch.CONDITIONS)) {
            throw Params.refused("give conditions, such as status=failed, or all=true for all executions");
        }
        return ExecutionSearch.query(params);
    }

    private static BulkAction action(BulkActionKind kind, Fields body) {
        body.only(kind == BulkActionKind.PAUSE, "reason");
        body.only(kind == BulkActionKind.RESTART, "from");
        body.only(kind == BulkActionKind.RETRY, "even_after_compensation");
        body.only(kind == BulkActionKind.CANCEL, "with_compensation");
        return switch (kind) {
            case CANCEL ->
                BulkAction.cancel(body.isTrue("with_compensation") ? Cancel.withCompensation() : Cancel.immediately());
            case PAUSE -> BulkAction.pause(body.text("reason").orElse(null));
            case RESUME -> BulkAction.resume();
            case RETRY ->
                BulkAction.retry(
                        body.isTrue("even_after_compensation")
                                ? RetryMode.evenAfterCompensation()
                                : RetryMode.unlessCompensated());
            case RESTART -> body.text("from").map(BulkAction::restartFrom).orElseGet(BulkAction::restart);
            case DELETE -> BulkAction.delete();
        };
    }
}
