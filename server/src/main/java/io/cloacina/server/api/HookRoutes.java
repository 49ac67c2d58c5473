package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.HookSignature;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AuditedChange;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownHookException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.AuditedCall;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.Route;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Webhooks: their rules, and their deliveries, whose signatures identify the sender. */
final class HookRoutes {
    /** The largest delivery, because any caller may send one before its signature is checked. */
    private static final int MAX_DELIVERY = 1 << 20;

    private final Engine engine;
    private final String root;
    private final String one;

    HookRoutes(Engine engine, String root) {
        this.engine = engine;
        this.root = root;
        this.one = root + "/hooks/{name}";
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, root + "/hooks", Role.ADMIN, this::list),
                new Route(Method.POST, one, null, this::deliver),
                new Route(Method.GET, one, Role.ADMIN, this::shown),
                new Route(Method.PUT, one, Role.ADMIN, this::put),
                new Route(Method.DELETE, one, Role.ADMIN, this::delete));
    }

    private Answer list(Call call) {
        new Params(call);
        ObjectNode node = Json.fields();
        node.set("hooks", Json.array(engine.hooks().list(), JsonOf::hook));
        return Answer.json(node);
    }

    private Answer shown(Call call) {
        new Params(call);
        return Answer.json(JsonOf.hook(engine.hooks().find(call.part("name")).orElseThrow(() -> unknown(call))));
    }

    private Answer put(Call call) {
        new Params(call);
        Fields body = new Fields(call, "workflow", "signature", "secret", "input");
        Hook hook = new Hook(
                call.part("name"),
                body.required("workflow"),
                Params.labeled("signature", body.required("signature"), HookSignature.values()),
                body.object("input").map(HookRoutes::pointers).orElse(Hook.WHOLE_BODY));
        Optional<String> secret = body.text("secret");
        if (secret.isPresent()) {
            engine.hooks().put(hook, secret.get());
        } else {
            engine.hooks().change(hook);
        }
        return Answer.json(JsonOf.hook(hook));
    }

    private static Map<String, String> pointers(Map<String, Object> given) {
        Map<String, String> pointers = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (!(value instanceof String pointer)) {
                throw Params.refused("the value " + name + " of the input must be a JSON pointer, such as /order/id");
            }
            pointers.put(name, pointer);
        });
        return pointers;
    }

    private Answer delete(Call call) {
        new Fields(call);
        if (!engine.hooks().delete(call.part("name"))) {
            throw unknown(call);
        }
        return Answer.empty();
    }

    /** Accepts a delivery. Only its signature identifies the caller, so nothing is stored before it was checked. */
    private Answer deliver(Call call) {
        String name = call.part("name");
        Submission submission = engine.hooks().accept(name, call::header, call.bytes(MAX_DELIVERY));
        AuditedChange asked =
                AuditedCall.asked("hook " + AuditedCall.storable(name, 95), null, call, "POST " + one, name);
        return AuditedCall.change(engine.audit(), asked, () -> {
            UUID id = engine.submit(submission);
            return Answer.json(201, Json.fields().put("execution", id.toString()))
                    .with("Location", call.url(root + "/executions/" + id));
        });
    }

    private static UnknownHookException unknown(Call call) {
        return new UnknownHookException(call.part("name"));
    }
}
