package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.Failures;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Finds executions, a page at a time, and counts failures. */
final class ExecutionSearch {
    /** The parameters that select executions. */
    static final List<String> CONDITIONS = List.of(
            "id",
            "workflow",
            "version",
            "status",
            "since",
            "until",
            "label",
            "key",
            "error",
            "task",
            "task_status",
            "parent",
            "schedule");

    private static final int PAGE = 50;
    private static final int MOST = 500;
    private static final Duration DAY = Duration.ofDays(1);

    private final Scope scope;

    ExecutionSearch(Scope scope) {
        this.scope = scope;
    }

    Answer list(Call call) {
        Params params = Params.of(call, CONDITIONS, "before", "limit");
        ExecutionQuery query = query(params).limit(params.number("limit", 1, MOST, PAGE));
        query = params.text("before")
                .map(id -> Call.uuid("before", id))
                .map(query::before)
                .orElse(query);
        ExecutionPage page = scope.engine().search(query);
        ObjectNode node = Json.fields();
        node.set("executions", Json.array(page.executions(), JsonOf::execution));
        node.put("next", page.next() == null ? null : page.next().toString());
        return Answer.json(node.put("cut_short", page.isCutShort()));
    }

    Answer failures(Call call) {
        Params params = new Params(call, "since");
        Failures failures = scope.engine()
                .failures(params.past("since").orElseGet(() -> Instant.now().minus(DAY)));
        ObjectNode node = Json.fields();
        node.set("failures", Json.array(failures.groups(), JsonOf::failures));
        return Answer.json(node.put("cut_short", failures.isCutShort()));
    }

    /** The executions that meet all given conditions. */
    static ExecutionQuery query(Params params) {
        ExecutionQuery query = ExecutionQuery.all().statuses(labeled("status", params, ExecutionStatus.values()));
        query = params.text("id").map(query::idBeginning).orElse(query);
        query = params.text("workflow").map(query::workflow).orElse(query);
        query = params.text("version").map(query::version).orElse(query);
        query = params.past("since").map(query::since).orElse(query);
        query = params.past("until").map(query::until).orElse(query);
        query = params.text("key").map(query::idempotencyKey).orElse(query);
        query = params.text("error").map(query::error).orElse(query);
        query = params.text("schedule").map(query::schedule).orElse(query);
        for (String label : params.texts("label")) {
            String[] both = label.split("=", 2);
            if (both.length < 2) {
                throw Params.refused("label must be a name and a value, such as label=customer%3Dada");
            }
            query = query.label(both[0], both[1]);
        }
        List<TaskStatus> states = labeled("task_status", params, TaskStatus.values());
        if (params.text("task").isPresent()) {
            query = query.task(params.text("task").get(), states);
        } else if (!states.isEmpty()) {
            throw Params.refused("task_status needs a task");
        }
        return params.text("parent")
                .map(id -> Call.uuid("parent", id))
                .map(query::parent)
                .orElse(query);
    }

    /** The constants with the given labels; a parameter may be repeated, or contain several labels with commas. */
    private static <E extends io.cloacina.api.Labeled> List<E> labeled(String name, Params params, E[] all) {
        List<E> found = new ArrayList<>();
        for (String given : params.texts(name)) {
            for (String label : given.split(",", -1)) {
                found.add(Params.labeled(name, label.strip(), all));
            }
        }
        return found;
    }
}
