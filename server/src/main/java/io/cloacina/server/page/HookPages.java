package io.cloacina.server.page;

import io.cloacina.api.HookSignature;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.UnknownHookException;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Webhooks. */
final class HookPages {
    private static final String ALL = "/hooks";

    private final Engine engine;
    private final View view;

    HookPages(Engine engine, View view) {
        this.engine = engine;
        this.view = view;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, ALL, Role.ADMIN, this::list),
                Route.post(ALL, Role.ADMIN, this::put),
                Route.post(ALL + "/{name}/delete", Role.ADMIN, this::delete));
    }

    private Answer list(Call call) {
        return view.html(call, "hooks.jte", Map.of("hooks", engine.hooks().list()));
    }

    /** Stores a webhook that uses the whole body as the input; others can be stored by the API and the command line. */
    private Answer put(Call call) {
        HookSignature signature = Arrays.stream(HookSignature.values())
                .filter(each ->
                        call.form("signature").filter(each.label()::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new RequestException(
                        "MALFORMED_REQUEST", 400, "the form has a signature that is not known: reload the page"));
        String name = call.form("name").map(String::strip).orElse("");
        Hook hook = Hook.of(name, call.form("workflow").map(String::strip).orElse(""), signature);
        Optional<String> secret = call.form("secret").filter(text -> !text.isEmpty());
        if (secret.isPresent()) {
            engine.hooks().put(hook, secret.get());
        } else {
            engine.hooks().change(hook);
        }
        return Answer.seeOther(call.url(ALL));
    }

    private Answer delete(Call call) {
        if (!engine.hooks().delete(call.part("name"))) {
            throw new UnknownHookException(call.part("name"));
        }
        return Answer.seeOther(call.url(ALL));
    }
}
