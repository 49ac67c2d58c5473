package io.cloacina.benchmarks.answers;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.EventCursor;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The answers of an engine, by what they are called. */
final class EngineAnswers {
    private static final Instant LONG_AGO = Instant.parse("2023-01-01T00:00:00Z");
    private static final Instant LATELY = Instant.parse("2025-01-01T00:00:00Z");

    private final Map<String, Timed.Asked> all = new LinkedHashMap<>();

    private EngineAnswers() {}

    /**
     * All of them.
     *
     * @param failed an execution
     * @param waiting an execution
     * @param wide the execution with many runs
     */
    static Map<String, Timed.Asked> of(Engine engine, UUID failed, UUID waiting, UUID wide) {
        EngineAnswers answers = new EngineAnswers();
        answers.state(engine);
        answers.executions(engine, failed, waiting, wide);
        answers.searches(engine, failed, wide);
        answers.others(engine);
        return answers.all;
    }

    private void state(Engine engine) {
        all.put("status", () -> engine.status().runners().size());
        all.put("runners", () -> engine.runners().size());
        all.put("failures of all time", () -> engine.failures(LONG_AGO).groups().size());
        all.put("failures of late", () -> engine.failures(LATELY).groups().size());
        all.put("versions", () -> engine.versions().list().size());
        all.put("versions of a workflow", () -> engine.versions().list("single").size());
        all.put("version", () -> engine.versions().find("single", "1").stream().count());
        all.put("packages", () -> engine.packages().list().size());
    }

    private void executions(Engine engine, UUID failed, UUID waiting, UUID wide) {
        all.put("find", () -> engine.find(failed).stream().count());
        all.put("tasks", () -> engine.tasks(failed).size());
        all.put(
                "tasks of a state, of many",
                () -> engine.tasks(wide, List.of(TaskStatus.WAITING)).size());
        all.put("attempts", () -> engine.attempts(failed).size());
        all.put("recoveries", () -> engine.recoveries(failed).size());
        all.put("labels", () -> engine.labels(failed).size());
        all.put("parent", () -> engine.parent(failed).stream().count());
        all.put("context", () -> engine.context(failed).json().length());
        all.put("why, ready", () -> engine.why(waiting).size());
        all.put("why, many runs", () -> engine.why(wide).size());
    }

    private void searches(Engine engine, UUID failed, UUID wide) {
        ExecutionQuery any = ExecutionQuery.all();
        search(engine, "any", any);
        search(engine, "workflow", any.workflow("single"));
        search(engine, "workflow that there is not", any.workflow("none"));
        search(engine, "version that there is not", any.version("none"));
        for (ExecutionStatus status : ExecutionStatus.values()) {
            search(engine, "status " + status.label(), any.status(status));
            search(
                    engine,
                    "workflow and status " + status.label(),
                    any.workflow("single").status(status));
        }
        search(engine, "workflow and unfinished", any.workflow("later").status(ExecutionStatus.PENDING));
        search(engine, "key", any.idempotencyKey("key1"));
        search(engine, "label", any.label("customer", "c1"));
        search(engine, "label of many", any.label("tier", "gold"));
        search(engine, "label and another", any.label("tier", "gold").label("customer", "c1"));
        search(engine, "label and status", any.label("tier", "gold").status(ExecutionStatus.CANCELLED));
        search(engine, "error of many", any.error("refused"));
        search(engine, "error that there is not", any.error("none"));
        search(engine, "schedule", any.schedule("schedule1"));
        search(engine, "schedule and status", any.schedule("schedule1").status(ExecutionStatus.CANCELLED));
        search(engine, "schedule that has not fired", any.schedule("schedule2"));
        search(engine, "parent", any.parent(wide));
        search(engine, "task of a state", any.task("only", List.of(TaskStatus.FAILED)));
        search(engine, "task that there is not", any.task("none", List.of()));
        search(engine, "since", any.since(LATELY));
        search(engine, "until", any.until(LONG_AGO));
        search(engine, "ids", any.ids(List.of(failed, wide)));
        search(engine, "beginning of an id", any.idBeginning(failed.toString().substring(0, 8)));
    }

    /** As the page and the command line search: they show where it was cut short, and how to continue. */
    private void search(Engine engine, String name, ExecutionQuery query) {
        all.put("search: " + name, () -> engine.search(query).executions().size());
    }

    private void others(Engine engine) {
        all.put("schedules", () -> engine.schedules().list().size());
        all.put("schedule", () -> engine.schedules().find("schedule1").stream().count());
        all.put("schedule: next", () -> engine.schedules().next("schedule1", 10).size());
        all.put(
                "schedule: history",
                () -> engine.schedules().history("schedule1", 100).size());
        all.put(
                "schedule: statistics",
                () -> engine.schedules().statistics("schedule1").occurrences());
        ExecutionQuery failed = ExecutionQuery.all().status(ExecutionStatus.FAILED);
        all.put(
                "operation: preview",
                () -> engine.operations()
                        .preview(failed, BulkAction.retry())
                        .matching()
                        .atLeast());
        all.put(
                "operation: preview of a label",
                () -> engine.operations()
                        .preview(ExecutionQuery.all().label("tier", "gold"), BulkAction.cancel())
                        .matching()
                        .atLeast());
        all.put("operations", () -> engine.operations().list(100).size());
        all.put(
                "events",
                () -> engine.events()
                        .after(EventCursor.beginning(), 1_000)
                        .events()
                        .size());
        all.put(
                "events of late",
                () -> engine.events()
                        .after(EventCursor.since(LATELY), 1_000)
                        .events()
                        .size());
        all.put("audit", () -> engine.audit().list(AuditQuery.all()).size());
        all.put(
                "audit of a user",
                () -> engine.audit().list(AuditQuery.all().user("user1")).size());
        all.put(
                "audit of nobody",
                () -> engine.audit().list(AuditQuery.all().user("nobody")).size());
        all.put(
                "audit of an object",
                () -> engine.audit().list(AuditQuery.all().about("object1")).size());
        all.put("hooks", () -> engine.hooks().list().size());
        all.put("alerts", () -> engine.alerts().list().size());
    }
}
