package io.cloacina.server.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.TaskPages;
import io.cloacina.engine.TaskQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TaskPage;
import io.cloacina.engine.model.UnknownExecutionException;
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
import java.util.Optional;
import java.util.UUID;

/** Executions: the search, and the page of an execution. */
final class ExecutionPages {
    private static final int MOST_CHILDREN = 50;
    private static final int MOST_REASONS = 50;
    private static final int MOST_ATTEMPTS = 500;
    private static final int MOST_LETTERS = 200_000;

    private final Engine engine;
    private final TaskPages pages;
    private final boolean hidesData;
    private final View view;

    ExecutionPages(Scope scope, View view) {
        this.engine = scope.engine();
        this.pages = engine.taskPages();
        this.hidesData = scope.hidesData();
        this.view = view;
    }

    List<Route> routes() {
        return List.of(Route.get("/executions", this::search), Route.get("/executions/{id}", this::one));
    }

    private Answer search(Call call) {
        SearchForm form = SearchForm.of(call);
        return view.html(
                call,
                "executions.jte",
                Map.of(
                        "form",
                        form,
                        "page",
                        engine.search(form.query(call.query("before"))),
                        "workflows",
                        engine.versions().workflows(),
                        "isFirst",
                        call.query("before").isEmpty()));
    }

    private Answer one(Call call) {
        UUID id = call.id("id");
        Execution execution = engine.find(id).orElseThrow(() -> new UnknownExecutionException(id));
        List<TaskExecution> tasks = pages.ofDefinition(id);
        TaskQuery query = TaskQuery.of(id);
        Map<String, Object> values = new HashMap<>();
        values.put("execution", execution);
        values.put("graph", graph(call, id, tasks));
        values.put(
                "timeline",
                TimelineView.of(execution, pages.begun(query.limit(TimelineView.MOST_ROWS)), tasks, Instant.now()));
        TaskList list = list(call, query);
        values.put("list", list);
        values.put("attempts", attempts(query, list));
        values.put("failed", failed(query, list));
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

    private TaskList list(Call call, TaskQuery query) {
        String status = call.query("tasks").orElse("");
        Optional<String> after = call.query("after");
        TaskQuery shown = query.statuses(TaskList.states(status)).limit(TaskList.PAGE);
        return TaskList.of(
                pages.list(after.isPresent() ? shown.after(after.get()) : shown),
                pages.counts(call.id("id")),
                status,
                after.isEmpty());
    }

    private FailedTasks failed(TaskQuery query, TaskList list) {
        return FailedTasks.of(
                list.counts().containsKey(TaskStatus.FAILED)
                        ? pages.list(query.statuses(List.of(TaskStatus.FAILED)).limit(FailedTasks.LOOKED_AT))
                        : new TaskPage(List.of(), null));
    }

    /** The attempts of those of the shown tasks that have several, up to a maximum number for all together. */
    private Map<String, List<TaskAttempt>> attempts(TaskQuery query, TaskList list) {
        Map<String, List<TaskAttempt>> attempts = new HashMap<>();
        int left = MOST_ATTEMPTS;
        for (TaskExecution task : list.tasks()) {
            if (left > 0 && (task.attempt() > 1 || task.recoveries() > 0)) {
                List<TaskAttempt> its =
                        pages.attempts(query.name(task.name()).limit(left)).attempts();
                attempts.put(task.name(), its);
                left -= its.size();
            }
        }
        return attempts;
    }

    private static GraphView graph(Call call, UUID id, List<TaskExecution> tasks) {
        return GraphLayout.draw(tasks.stream()
                .map(task -> new GraphView.Task(
                        task.name(),
                        task.dependencies(),
                        Shown.state(task.status()),
                        Shown.words(task.status()),
                        call.url("/executions/" + id + "#task-" + Shown.encoded(task.name()))))
                .toList());
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
