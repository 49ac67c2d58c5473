package io.cloacina.server.page;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.StoredWorkflow;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownVersionException;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import io.cloacina.server.json.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Workflows: the runners that have them, their graphs, and a form for submitting. */
final class WorkflowPages {
    /** Precedes the key of an input in the name of a form field, so that no key can be mistaken for another field. */
    private static final String INPUT = "input.";

    private final Engine engine;
    private final View view;

    WorkflowPages(Engine engine, View view) {
        this.engine = engine;
        this.view = view;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/workflows", this::list),
                Route.get("/workflows/{name}", this::one),
                Route.get("/packages", this::packages),
                Route.post("/workflows/{name}/submit", Role.OPERATE, this::submit));
    }

    private Answer list(Call call) {
        Map<String, WorkflowSummary> byName = new TreeMap<>();
        for (WorkflowVersion version : engine.versions().list()) {
            byName.merge(
                    version.workflow(),
                    new WorkflowSummary(version.version(), 1, version.runners(), version.unfinished()),
                    WorkflowSummary::plus);
        }
        return view.html(call, "workflows.jte", Map.of("workflows", byName));
    }

    private Answer packages(Call call) {
        return view.html(
                call, "packages.jte", Map.of("packages", engine.packages().list()));
    }

    private Answer one(Call call) {
        String name = call.part("name");
        List<WorkflowVersion> versions = engine.versions().list(name);
        String version = call.query("version").orElse(versions.get(0).version());
        StoredWorkflow stored = stored(name, version);
        Map<String, Object> values = new HashMap<>();
        values.put("stored", stored);
        values.put("versions", versions);
        values.put(
                "graph",
                GraphLayout.draw(stored.tasks().stream()
                        .map(task -> new GraphView.Task(task.name(), task.dependencies(), "s-plain", "", null))
                        .toList()));
        values.put(
                "numbers",
                WorkflowNumbers.of(engine.search(ExecutionQuery.all()
                                .workflow(name)
                                .limit(WorkflowNumbers.LOOKED_AT)
                                .scan(WorkflowNumbers.LOOKED_THROUGH))
                        .executions()));
        return view.html(call, "workflow.jte", values);
    }

    private StoredWorkflow stored(String name, String version) {
        return engine.versions()
                .find(name, version)
                .orElseThrow(() -> new UnknownVersionException(
                        name,
                        version,
                        engine.versions().list(name).stream()
                                .map(WorkflowVersion::version)
                                .toList()));
    }

    private Answer submit(Call call) {
        String name = call.part("name");
        Map<String, Object> input = new LinkedHashMap<>(
                call.form("more").map(text -> Json.object(text, "other input")).orElse(Map.of()));
        for (StoredWorkflow.Input key :
                stored(name, engine.versions().list(name).get(0).version()).inputs()) {
            call.form(INPUT + key.key()).ifPresent(text -> input.put(key.key(), value(key, text)));
        }
        Submission submission = SubmitForm.options(call, Submission.of(name).input(input));
        return Answer.seeOther(call.url("/executions/" + engine.submit(submission)));
    }

    /** Text is taken without quotes; every other type must be JSON. */
    private static Object value(StoredWorkflow.Input input, String text) {
        if (input.type().equals("text")) {
            return text;
        }
        Object value = Json.value(text, "the input '" + input.key() + "'");
        if (value == null) {
            throw new CloacinaException(
                    ErrorCodes.NOT_JSON, "the input '" + input.key() + "' is null: leave the field empty instead");
        }
        return value;
    }
}
