package io.cloacina.server.page;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import io.cloacina.server.json.Json;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/** The actions of the forms on the page of an execution, which is shown again afterwards. */
final class ExecutionActions {
    private static final String ONE = "/executions/{id}/";

    private final Engine engine;

    ExecutionActions(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(
                action("cancel", (call, id) -> engine.cancel(id)),
                action(
                        "pause",
                        (call, id) -> engine.pause(id, call.form("reason").orElse(null))),
                action("resume", (call, id) -> engine.resume(id)),
                action("retry", (call, id) -> engine.retry(id, RetryMode.unlessCompensated())),
                action("signal", this::signal),
                Route.post(ONE + "restart", Role.OPERATE, this::restart));
    }

    private static Route action(String name, BiConsumer<Call, UUID> does) {
        return Route.post(ONE + name, Role.OPERATE, call -> {
            UUID id = call.id("id");
            does.accept(call, id);
            return Answer.seeOther(call.url("/executions/" + id));
        });
    }

    private void signal(Call call, UUID id) {
        engine.signal(
                id,
                call.form("name").orElse(""),
                Json.value(call.form("value").orElse(null), "the value of the signal"));
    }

    private Answer restart(Call call) {
        return Answer.seeOther(call.url("/executions/" + engine.restart(Restart.of(call.id("id")))));
    }
}
