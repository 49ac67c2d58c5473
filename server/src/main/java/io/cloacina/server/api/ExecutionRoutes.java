package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.TaskQuery;
import io.cloacina.engine.model.AttemptPage;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TaskPage;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import io.cloacina.server.json.StatusJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** Reads executions. */
final class ExecutionRoutes {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** How many calls may wait at once: each uses a thread of the server, and other calls must still be answered. */
    private static final int MOST_WAITING = 32;

    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final String NEXT = "next";

    /** The largest page: some executions have 10,000 tasks, and all of them together have megabytes. */
    private static final int MOST_ON_PAGE = 1_000;

    private static final int PAGE = 500;

    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Engine engine;
    private final boolean hidesData;

    ExecutionRoutes(Scope scope) {
        this.engine = scope.engine();
        this.hidesData = scope.hidesData();
    }

    List<Route> routes(String root) {
        String one = root + "/executions/{id}";
        return List.of(
                Route.get(one, this::get),
                Route.get(one + "/tasks", this::tasks),
                Route.get(one + "/attempts", this::attempts),
                Route.get(one + "/timeline", this::timeline),
                Route.get(one + "/context", this::context),
                Route.get(one + "/why", this::why));
    }

    /** Everything about an execution, except its tasks and its values. */
    static ObjectNode json(Engine engine, Execution execution) {
        ObjectNode node = JsonOf.execution(execution);
        node.put(
                "parent",
                engine.parent(execution.id())
                        .map(parent -> parent.id().toString())
                        .orElse(null));
        node.set("labels", JsonOf.labels(engine.labels(execution.id())));
        node.set("recovered", Json.array(engine.recoveries(execution.id()), JsonOf::recovery));
        return node;
    }

    static Execution find(Engine engine, UUID id) {
        return engine.find(id).orElseThrow(() -> new UnknownExecutionException(id));
    }

    private Answer get(Call call) {
        Params params = new Params(call, "wait");
        UUID id = call.id("id");
        Duration wait = params.span("wait").orElse(Duration.ZERO);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw Params.refused("wait must be at most 60s: ask again after that");
        }
        Execution execution = find(engine, id);
        if (!wait.isZero() && !execution.isFinished()) {
            execution = awaited(id, wait);
        }
        return Answer.json(json(engine, execution));
    }

    private Execution awaited(UUID id, Duration wait) {
        if (!waiting.tryAcquire()) {
            throw new RequestException(
                    "TOO_MANY_WAITING", 503, MOST_WAITING + " calls wait already: ask again later, or without wait");
        }
        try {
            return engine.await(id, wait).orElseGet(() -> find(engine, id));
        } finally {
            waiting.release();
        }
    }

    /** Selects the tasks of an execution, as the parameters specify. */
    private static TaskQuery query(UUID execution, Params params) {
        TaskQuery query = TaskQuery.of(execution).limit(params.number(LIMIT, 1, MOST_ON_PAGE, PAGE));
        Optional<String> after = params.text(AFTER);
        return after.isPresent() ? query.after(after.get()) : query;
    }

    private Answer tasks(Call call) {
        Params params = new Params(call, "status", AFTER, LIMIT);
        List<TaskStatus> states = params.texts("status").stream()
                .map(label -> Params.labeled("status", label, TaskStatus.values()))
                .toList();
        TaskPage page = engine.taskPages().list(query(call.id("id"), params).statuses(states));
        ObjectNode node = Json.fields();
        node.set("tasks", Json.array(page.tasks(), JsonOf::task));
        return Answer.json(node.put(NEXT, page.next()));
    }

    private Answer attempts(Call call) {
        Params params = new Params(call, "task", AFTER, LIMIT);
        TaskQuery query = query(call.id("id"), params);
        Optional<String> task = params.text("task");
        AttemptPage page = engine.taskPages().attempts(task.isPresent() ? query.name(task.get()) : query);
        ObjectNode node = Json.fields();
        node.set("attempts", Json.array(page.attempts(), JsonOf::attempt));
        return Answer.json(node.put(NEXT, page.next()));
    }

    /**
     * The times when an execution was submitted, began and ended, and those of its tasks that have begun, in the order
     * in which they began.
     */
    private Answer timeline(Call call) {
        Params params = new Params(call, AFTER, LIMIT);
        Execution execution = find(engine, call.id("id"));
        TaskPage begun = engine.taskPages().begun(query(execution.id(), params));
        ObjectNode node = Json.fields()
                .put("created_at", JsonOf.text(execution.createdAt()))
                .put("started_at", JsonOf.text(execution.startedAt()))
                .put("completed_at", JsonOf.text(execution.completedAt()));
        node.set("tasks", Json.array(begun.tasks(), ExecutionRoutes::span));
        node.put(NEXT, begun.next());
        node.set("recovered", Json.array(engine.recoveries(execution.id()), JsonOf::recovery));
        return Answer.json(node);
    }

    private static ObjectNode span(TaskExecution task) {
        return Json.fields()
                .put("name", task.name())
                .put("status", task.status().label())
                .put("attempt", task.attempt())
                .put("started_at", JsonOf.text(task.startedAt()))
                .put("completed_at", JsonOf.text(task.completedAt()));
    }

    private Answer context(Call call) {
        new Params(call);
        String json = engine.context(call.id("id")).json();
        return Answer.json(hidesData ? Hidden.of(Json.stored(json)) : Json.stored(json));
    }

    private Answer why(Call call) {
        new Params(call);
        ObjectNode node = Json.fields();
        node.set("reasons", Json.array(engine.why(call.id("id")), StatusJson::reason));
        return Answer.json(node);
    }
}
