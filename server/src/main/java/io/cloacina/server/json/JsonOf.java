package io.cloacina.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloacina.api.Durations;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.BulkPreview;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.FailureGroup;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.engine.model.ScheduleStatistics;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.engine.model.StoredWorkflow;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.WorkflowVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Converts values of the engine to JSON. The names are those of the tables, and every field is always present. */
public final class JsonOf {
    private JsonOf() {}

    public static ObjectNode execution(Execution execution) {
        return Json.fields()
                .put("id", execution.id().toString())
                .put("workflow", execution.workflow())
                .put("version", execution.version())
                .put("status", execution.status().label())
                .put("priority", execution.priority())
                .put("idempotency_key", execution.idempotencyKey())
                .put("created_at", text(execution.createdAt()))
                .put("start_after", text(execution.startAfter()))
                .put("started_at", text(execution.startedAt()))
                .put("completed_at", text(execution.completedAt()))
                .put("pause_reason", execution.pauseReason())
                .put("recoveries", execution.recoveries())
                .put("error", execution.error())
                .put("restarted_from", text(execution.restartedFrom()))
                .put("deadline_at", text(execution.deadline()))
                .put("stopped_at", text(execution.stoppedAt()))
                .put("continued_from", text(execution.continuedFrom()))
                .put("continued_as", text(execution.continuedAs()));
    }

    public static ObjectNode audited(AuditEntry entry) {
        return Json.fields()
                .put("id", entry.id().toString())
                .put("created_at", text(entry.at()))
                .put("user_name", entry.change().user())
                .put("user_role", entry.change().role())
                .put("address", entry.change().address())
                .put("action", entry.change().action())
                .put("object", entry.change().object())
                .put("made", entry.made())
                .put("status", entry.status())
                .put("code", entry.code());
    }

    /** Without the secret, which is never shown. */
    public static ObjectNode hook(Hook hook) {
        ObjectNode node = Json.fields()
                .put("name", hook.name())
                .put("workflow", hook.workflow())
                .put("signature", hook.signature().label());
        node.set("input", Json.of(hook.input()));
        return node;
    }

    /** Without the secret, which is never shown. */
    public static ObjectNode alert(Alert alert) {
        AlertRule rule = alert.rule();
        ObjectNode node = Json.fields()
                .put("name", rule.name())
                .put("kind", rule.kind().label())
                .put("url", rule.url().toString())
                .put("workflow", rule.workflow())
                .put("percent", rule.percent())
                .put("executions", rule.executions())
                .put("duration", rule.duration().toString());
        node.set("statuses", Json.array(List.copyOf(rule.statuses()), status -> TextNode.valueOf(status.label())));
        return node.put("enabled", alert.isEnabled())
                .put("signed", alert.isSigned())
                .put("firing_since", text(alert.firingSince()))
                .put("evaluated_at", text(alert.evaluatedAt()))
                .put("last_delivery", text(alert.lastDelivery()));
    }

    /** When an alert sends a message, as a text for users. */
    public static String condition(AlertRule rule) {
        String of = rule.workflow() == null ? "" : " of " + rule.workflow();
        String time = Durations.shown(rule.duration());
        return switch (rule.kind()) {
            case FAILURE_RATE ->
                "more than " + rule.percent() + " % of " + rule.executions() + " or more executions" + of
                        + " that ended within " + time + " failed";
            case OLDEST_READY -> "a task has been ready for longer than " + time;
            case STRANDED ->
                "more than " + rule.executions() + " unfinished executions have a version that no runner has";
            case SCHEDULE_LATE -> "a schedule is late by more than " + time;
            case EXECUTION_ENDED ->
                "an execution" + of + " ended: "
                        + rule.statuses().stream()
                                .map(status -> status.label().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "));
        };
    }

    public static ObjectNode operation(BulkOperation operation) {
        return Json.fields()
                .put("id", operation.id().toString())
                .put("action", operation.action().toString())
                .put("query", operation.query())
                .put("state", operation.state().label())
                .put("expected", operation.expected().atLeast())
                .put("expected_more", operation.expected().isMore())
                .put("done", operation.done())
                .put("skipped", operation.skipped())
                .put("children", operation.children())
                .put("failed", operation.failed())
                .put("first_skipped", operation.firstSkipped())
                .put("first_failed", operation.firstFailed())
                .put("requested_by", operation.requestedBy())
                .put("created_at", text(operation.createdAt()))
                .put("updated_at", text(operation.updatedAt()))
                .put("ended_at", text(operation.endedAt()));
    }

    public static ObjectNode preview(BulkPreview preview, BulkAction action) {
        ObjectNode node = Json.fields()
                .put("action", action.toString())
                .put("matching", preview.matching().atLeast())
                .put("matching_more", preview.matching().isMore());
        node.set("fitting", states(preview.fitting()));
        node.set("skipped", states(preview.skipped()));
        node.put("children", preview.children());
        node.set("newest", Json.array(preview.newest(), JsonOf::execution));
        return node;
    }

    private static ObjectNode states(Map<ExecutionStatus, Integer> states) {
        ObjectNode node = Json.fields();
        states.forEach((status, number) -> node.put(status.label(), number));
        return node;
    }

    public static ObjectNode labels(Map<String, String> labels) {
        ObjectNode node = Json.fields();
        labels.forEach(node::put);
        return node;
    }

    public static ObjectNode failures(FailureGroup group) {
        ObjectNode node = Json.fields().put("error", group.error()).put("executions", group.executions());
        node.set("workflows", Json.array(group.workflows(), TextNode::valueOf));
        node.set("tasks", Json.array(group.tasks(), TextNode::valueOf));
        return node.put("first_at", text(group.firstAt()))
                .put("last_at", text(group.lastAt()))
                .put("example", group.example().toString());
    }

    public static ObjectNode task(TaskExecution task) {
        ObjectNode node = Json.fields()
                .put("id", task.id().toString())
                .put("name", task.name())
                .put("status", task.status().label())
                .put("attempt", task.attempt())
                .put("recoveries", task.recoveries())
                .put("ready_at", text(task.readyAt()))
                .put("started_at", text(task.startedAt()))
                .put("completed_at", text(task.completedAt()))
                .put("due_at", text(task.dueAt()))
                .put("waits_for", label(task.waitsFor()))
                .put("signal", task.signal());
        node.set("dependencies", Json.array(task.dependencies(), TextNode::valueOf));
        return node.put("error", task.error());
    }

    public static ObjectNode attempt(TaskAttempt attempt) {
        return Json.fields()
                .put("task", attempt.taskName())
                .put("attempt", attempt.attempt())
                .put("outcome", label(attempt.outcome()))
                .put("runner", text(attempt.runner()))
                .put("host", attempt.host())
                .put("pid", attempt.pid())
                .put("started_at", text(attempt.startedAt()))
                .put("ended_at", text(attempt.endedAt()))
                .put("error", attempt.error());
    }

    /** Fields that an event of this kind does not have are null. */
    public static ObjectNode event(StoredEvent event) {
        ObjectNode node = Json.fields()
                .put("cursor", event.cursor().toString())
                .put("event", eventName(event))
                .put("at", text(event.at()))
                .put("execution", event.executionId().toString())
                .put("workflow", event.workflow())
                .put("version", event.version());
        if (event instanceof StoredEvent.TaskEnded task) {
            return node.put("task", task.taskName())
                    .put("status", task.status().label())
                    .put("attempt", task.attempt());
        }
        node.putNull("task");
        return event instanceof StoredEvent.ExecutionEnded ended
                ? node.put("status", ended.status().label()).putNull("attempt")
                : node.putNull("status").putNull("attempt");
    }

    /** The name in {@code event}: {@code execution_submitted}, {@code task_ended} or {@code execution_ended}. */
    public static String eventName(StoredEvent event) {
        if (event instanceof StoredEvent.TaskEnded) {
            return "task_ended";
        }
        return event instanceof StoredEvent.ExecutionEnded ? "execution_ended" : "execution_submitted";
    }

    public static ObjectNode recovery(RecoveryEvent event) {
        return Json.fields()
                .put("type", event.type().label())
                .put("task", event.taskName())
                .put("recovered_at", text(event.recoveredAt()))
                .put("details", event.details());
    }

    public static ObjectNode runner(Runner runner) {
        ObjectNode node = Json.fields()
                .put("id", runner.id().toString())
                .put("host", runner.host())
                .put("pid", runner.pid())
                .put("started_at", text(runner.startedAt()))
                .put("lease_until", text(runner.leaseUntil()))
                .put("alive", runner.isAlive());
        node.set("workflows", Json.array(runner.workflows(), TextNode::valueOf));
        return node;
    }

    public static ObjectNode schedule(ScheduleState state) {
        Schedule schedule = state.schedule();
        ObjectNode node = Json.fields()
                .put("name", schedule.name())
                .put("workflow", schedule.workflow())
                .put("cron", schedule.cron())
                .put("zone", schedule.zone().getId())
                .put("enabled", state.isEnabled())
                .put("next_at", text(state.nextAt()))
                .put("last_at", text(state.lastAt()))
                .put("start_at", text(schedule.start().orElse(null)))
                .put("end_at", text(schedule.end().orElse(null)));
        node.set("catch_up", catchUp(schedule));
        node.set("input", input(schedule));
        return node.put("created_at", text(state.createdAt()));
    }

    /** The context of an execution; {@code "encrypted"} if a key is missing here. */
    public static JsonNode context(Engine engine, UUID execution) {
        try {
            return Json.stored(engine.context(execution).json());
        } catch (PayloadUnreadableException e) {
            return encrypted();
        }
    }

    /** As {@link #context}, for the input that a schedule submits. */
    public static JsonNode input(Schedule schedule) {
        return schedule.input().keySet().equals(Set.of("$encoded")) ? encrypted() : Json.of(schedule.input());
    }

    private static JsonNode encrypted() {
        return TextNode.valueOf("encrypted");
    }

    private static JsonNode catchUp(Schedule schedule) {
        return Json.fields()
                .put("policy", schedule.catchUp().policy().label())
                .put("at_most", schedule.catchUp().atMost())
                .put("max_age", schedule.catchUp().maxAge().toString());
    }

    public static ObjectNode occurrence(Occurrence occurrence) {
        return Json.fields()
                .put("scheduled_at", text(occurrence.scheduledAt()))
                .put("fired_at", text(occurrence.firedAt()))
                .put("execution", occurrence.executionId().toString())
                .put("status", occurrence.status().label());
    }

    public static ObjectNode statistics(ScheduleStatistics statistics) {
        return Json.fields()
                .put("occurrences", statistics.occurrences())
                .put("completed", statistics.completed())
                .put("failed", statistics.failed())
                .put("cancelled", statistics.cancelled())
                .put("unfinished", statistics.unfinished());
    }

    public static ObjectNode storedPackage(StoredPackage stored) {
        ObjectNode node = Json.fields()
                .put("id", stored.id().toString())
                .put("name", stored.name())
                .put("version", stored.version())
                .put("description", stored.description())
                .put("author", stored.author())
                .put("storage", stored.storage().label())
                .put("content_hash", stored.contentHash())
                .put("bytes", stored.bytes())
                .put("signed", stored.isSigned())
                .put("created_at", text(stored.createdAt()))
                .put("updated_at", text(stored.updatedAt()))
                .put("deleted_at", text(stored.deletedAt()));
        node.set("classes", Json.array(stored.classes(), TextNode::valueOf));
        node.set("workflows", Json.array(stored.workflows(), TextNode::valueOf));
        node.set(
                "problems",
                Json.array(
                        stored.problems(),
                        problem -> Json.fields()
                                .put("runner", problem.runner().toString())
                                .put("host", problem.host())
                                .put("pid", problem.pid())
                                .put("reason", problem.reason())));
        return node;
    }

    public static ObjectNode version(WorkflowVersion version) {
        return Json.fields()
                .put("workflow", version.workflow())
                .put("version", version.version())
                .put("stored_at", text(version.storedAt()))
                .put("package", version.storedPackage())
                .put("package_deleted", version.isPackageDeleted())
                .put("runners", version.runners())
                .put("unfinished", version.unfinished());
    }

    public static ObjectNode workflow(StoredWorkflow stored) {
        ObjectNode node = Json.fields()
                .put("in_flight", stored.inFlight().name().toLowerCase(Locale.ROOT))
                .put("refuses_unknown_input", stored.refusesUnknownInput())
                .put(
                        "deadline",
                        stored.deadline() == null ? null : stored.deadline().toString());
        node.set("limits", Json.array(stored.limits(), TextNode::valueOf));
        node.set(
                "inputs",
                Json.array(
                        stored.inputs(),
                        input -> Json.fields()
                                .put("key", input.key())
                                .put("type", input.type())
                                .put("required", input.isRequired())));
        node.set("tasks", Json.array(stored.tasks(), JsonOf::task));
        return node;
    }

    private static ObjectNode task(StoredWorkflow.Task task) {
        ObjectNode node = Json.fields().put("name", task.name());
        node.set("dependencies", Json.array(task.dependencies(), TextNode::valueOf));
        node.put("rule", task.rule());
        node.set("settings", Json.of(task.settings()));
        node.set("limits", Json.array(task.limits(), TextNode::valueOf));
        node.set("reads", Json.of(task.reads()));
        return node.put("output", task.output());
    }

    public static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable String label(@Nullable Labeled value) {
        return value == null ? null : value.label();
    }
}
