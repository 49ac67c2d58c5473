package io.cloacina.server.api;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Submission;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Submits and changes executions. */
final class ExecutionChanges {
    private final Engine engine;
    private final String all;

    ExecutionChanges(Scope scope, String root) {
        this.engine = scope.engine();
        this.all = root + "/executions";
    }

    List<Route> routes() {
        String one = all + "/{id}";
        return List.of(
                Route.post(all, Role.OPERATE, this::submit),
                Route.post(one + "/cancel", Role.OPERATE, this::cancel),
                Route.post(one + "/pause", Role.OPERATE, this::pause),
                Route.post(one + "/resume", Role.OPERATE, this::resume),
                Route.post(one + "/retry", Role.OPERATE, this::retry),
                Route.post(one + "/restart", Role.OPERATE, this::restart),
                Route.post(one + "/signals/{name}", Role.OPERATE, this::signal));
    }

    private Answer submit(Call call) {
        new Params(call);
        Fields body = new Fields(
                call, "workflow", "input", "labels", "priority", "delay", "start_at", "deadline", "deadline_at");
        Submission submission = Submission.of(body.required("workflow"))
                .input(body.object("input").orElse(Map.of()))
                .priority(body.number("priority").orElse(0));
        String key = call.idempotencyKey();
        submission = key == null ? submission : submission.idempotencyKey(key);
        for (Map.Entry<String, Object> label :
                body.object("labels").orElse(Map.of()).entrySet()) {
            if (!(label.getValue() instanceof String value)) {
                throw Params.refused("the label " + label.getKey() + " must be text");
            }
            submission = submission.label(label.getKey(), value);
        }
        return created(call, engine.submit(timed(submission, body)));
    }

    private static Submission timed(Submission given, Fields body) {
        Submission submission = given;
        body.either("delay", "start_at");
        submission = body.span("delay").map(submission::delay).orElse(submission);
        submission = body.instant("start_at").map(submission::startAt).orElse(submission);
        body.either("deadline", "deadline_at");
        submission = body.span("deadline").map(submission::deadline).orElse(submission);
        return body.instant("deadline_at").map(submission::deadline).orElse(submission);
    }

    private Answer cancel(Call call) {
        boolean isCompensated = new Fields(call, "compensate").isTrue("compensate");
        engine.cancel(call.id("id"), isCompensated ? Cancel.withCompensation() : Cancel.immediately());
        return changed(call);
    }

    private Answer pause(Call call) {
        engine.pause(call.id("id"), new Fields(call, "reason").text("reason").orElse(null));
        return changed(call);
    }

    private Answer resume(Call call) {
        new Fields(call);
        engine.resume(call.id("id"));
        return changed(call);
    }

    private Answer retry(Call call) {
        boolean isEven = new Fields(call, "even_after_compensation").isTrue("even_after_compensation");
        engine.retry(call.id("id"), isEven ? RetryMode.evenAfterCompensation() : RetryMode.unlessCompensated());
        return changed(call);
    }

    private Answer restart(Call call) {
        Fields body = new Fields(call, "from", "input");
        Restart restart = Restart.of(call.id("id"));
        restart = body.text("from").map(restart::from).orElse(restart);
        restart = body.object("input").map(restart::input).orElse(restart);
        return created(call, engine.restart(restart));
    }

    private Answer signal(Call call) {
        Object value = new Fields(call, "value").value("value");
        String key = call.idempotencyKey();
        if (key == null) {
            engine.signal(call.id("id"), call.part("name"), value);
        } else {
            engine.signal(call.id("id"), call.part("name"), value, key);
        }
        return Answer.empty();
    }

    /** The execution after a change; another change may have been made meanwhile. */
    private Answer changed(Call call) {
        return Answer.json(ExecutionRoutes.json(engine, ExecutionRoutes.find(engine, call.id("id"))));
    }

    private Answer created(Call call, UUID id) {
        Execution execution = ExecutionRoutes.find(engine, id);
        return Answer.json(201, ExecutionRoutes.json(engine, execution)).with("Location", call.url(all + "/" + id));
    }
}
