package io.cloacina.server.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.FanOut;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Executions: the search, and all there is to tell of one. */
final class ExecutionPages {
    private static final int MOST_CHILDREN = 50;
    private static final int MOST_REASONS = 50;
    private static final int MOST_LETTERS = 200_000;

    private final Engine engine;
    private final boolean hidesData;
    private final View view;

    ExecutionPages(Scope scope, View view) {
        this.engine = scope.engine();
        this.hidesData = scope.hidesData();
        this.view = view;
    }

    List<Route> routes() {
        return List.of(Route.get("/executions", this::search), Route.get("/executions/{id}", this::one));
    }

    private Answer search(Call call) {
        SearchForm form = SearchForm.of(call);
        List<String> workflows = engine.versions().list().stream()
                .map(WorkflowVersion::workflow)
                .distinct()
                .sorted()
                .toList();
        return view.html(
                call,
                "executions.jte",
                Map.of(
                        "form",
                        form,
                        "page",
                        engine.search(form.query(call.query("before"))),
                        "workflows",
                        workflows,
                        "isFirst",
                        call.query("before").isEmpty()));
    }

    private Answer one(Call call) {
        UUID id = call.id("id");
        Execution execution = engine.find(id).orElseThrow(() -> new UnknownExecutionException(id));
        List<TaskExecution> tasks = engine.tasks(id);
        Map<String, Object> values = new HashMap<>();
        values.put("execution", execution);
        values.put("graph", graph(call, id, tasks));
        values.put("timeline", TimelineView.of(execution, tasks, Instant.now()));
        TaskList list = TaskList.of(
                tasks, call.query("tasks").orElse(""), call.query("page").orElse(""));
        values.put("list", list);
        values.put("attempts", attempts(id, list));
        values.put("failed", FailedTasks.of(tasks));
        values.put("reasons", engine.why(id).stream().limit(MOST_REASONS).toList());
        values.put("labels", engine.labels(id));
        values.put("parent", engine.parent(id).orElse(null));
        values.put("recoveries", engine.recoveries(id));
        values.put(
                "children",
                engine.search(ExecutionQuery.all().parent(id).limit(MOST_CHILDREN))
                        .executions());
        values.put("data", data(id));
        values.put("hidesData", hidesData);
        return view.html(call, "execution.jte", values);
    }

    /** The attempts of the tasks that are shown, of those that have several. */
    private Map<String, List<TaskAttempt>> attempts(UUID id, TaskList list) {
        Set<String> several = list.tasks().stream()
                .filter(task -> task.attempt() > 1 || task.recoveries() > 0)
                .map(TaskExecution::name)
                .collect(Collectors.toSet());
        return several.isEmpty()
                ? Map.of()
                : engine.attempts(id).stream()
                        .filter(attempt -> several.contains(attempt.taskName()))
                        .collect(Collectors.groupingBy(TaskAttempt::taskName));
    }

    private static GraphView graph(Call call, UUID id, List<TaskExecution> tasks) {
        Set<String> names = tasks.stream().map(TaskExecution::name).collect(Collectors.toSet());
        return GraphLayout.draw(tasks.stream()
                .filter(task -> !isElement(task.name(), names))
                .map(task -> new GraphView.Task(
                        task.name(),
                        task.dependencies(),
                        Shown.state(task.status()),
                        Shown.words(task.status()),
                        call.url("/executions/" + id + "#task-" + Shown.encoded(task.name()))))
                .toList());
    }

    /** The runs for elements of a list, {@code read[0]}, are one task of the graph. */
    private static boolean isElement(String name, Set<String> names) {
        String task = FanOut.taskOf(name);
        return !task.equals(name) && names.contains(task);
    }

    private String data(UUID id) {
        JsonNode node = Json.stored(engine.context(id).json());
        if (hidesData && node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> object.put(name, "hidden"));
        }
        String text = Json.indented(node);
        return text.length() <= MOST_LETTERS
                ? text
                : text.substring(0, MOST_LETTERS) + "\n… cut here; the API has all of it at /api/v1/executions/" + id
                        + "/context";
    }
}
