package io.cloacina.server.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.Status;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Converts a status to JSON. Durations are in seconds; a count with an upper bound says whether there are more. */
public final class StatusJson {
    private StatusJson() {}

    public static ObjectNode of(Status status) {
        Instant oldest = status.oldestReadyAt();
        ObjectNode node = Json.fields().put("healthy", status.isHealthy()).put("at", JsonOf.text(status.at()));
        node.set(
                "problems",
                Json.array(
                        status.problems(),
                        problem -> Json.fields()
                                .put("code", problem.code().name())
                                .put("sentence", problem.sentence())
                                .put("advice", problem.advice())));
        node.set("runners", Json.array(status.runners(), StatusJson::runner));
        node.set("ready", count(status.ready()));
        node.put("oldest_ready_at", JsonOf.text(oldest));
        node.put("oldest_ready_seconds", seconds(oldest == null ? null : Duration.between(oldest, status.at())));
        node.set("waiting", waiting(status.waiting()));
        node.set("paused", count(status.paused()));
        node.set("late", count(status.late()));
        node.set("full_limits", Json.array(status.limits(), StatusJson::limit));
        node.set("stranded", Json.array(status.stranded(), StatusJson::stranded));
        node.set(
                "late_schedules",
                Json.array(
                        status.lateSchedules(),
                        late -> Json.fields()
                                .put("name", late.name())
                                .put("workflow", late.workflow())
                                .put("due_at", JsonOf.text(late.due()))
                                .put("has_runner", late.hasRunner())));
        node.set("activity", Json.array(status.activity(), StatusJson::activity));
        node.put("activity_cut", status.isActivityCutShort());
        node.set("schema_differences", Json.array(status.schemaDifferences(), TextNode::valueOf));
        node.set("database", database(status.database()));
        return node;
    }

    public static ObjectNode reason(Reason reason) {
        ObjectNode node = Json.fields()
                .put("task", reason.taskName())
                .put("status", reason.status().label())
                .put("kind", reason.kind().name())
                .put("sentence", reason.sentence())
                .put("since", JsonOf.text(reason.since()))
                .put("until", JsonOf.text(reason.until()));
        node.set("data", Json.of(reason.data()));
        return node;
    }

    private static ObjectNode runner(Status.RunnerState runner) {
        ObjectNode node = Json.fields()
                .put("id", runner.id().toString())
                .put("host", runner.host())
                .put("pid", runner.pid())
                .put("slots", runner.slots())
                .put("slots_used", runner.used().atLeast())
                .put("lease_age_seconds", seconds(runner.leaseAge()))
                .put("alive", runner.isAlive())
                .put("closing", runner.isClosing());
        node.set("workflows", Json.array(runner.workflows(), TextNode::valueOf));
        return node;
    }

    private static ObjectNode waiting(Status.Waiting waiting) {
        ObjectNode node = Json.fields();
        node.set("signal", count(waiting.signal()));
        node.set("child", count(waiting.child()));
        node.set("list", count(waiting.list()));
        node.set("time", count(waiting.time()));
        return node;
    }

    private static ObjectNode limit(Status.FullLimit limit) {
        ObjectNode node = Json.fields()
                .put("workflow", limit.workflow())
                .put("task", limit.taskName())
                .put("limit", limit.limit())
                .put("key", limit.key());
        node.set("held_by", Json.array(limit.heldBy(), id -> TextNode.valueOf(id.toString())));
        node.set("holders", count(limit.holders()));
        node.set("waiting", count(limit.waiting()));
        return node.put("waiting_since", JsonOf.text(limit.waitingSince()));
    }

    private static ObjectNode stranded(Status.Stranded stranded) {
        ObjectNode node = Json.fields().put("workflow", stranded.workflow()).put("version", stranded.version());
        node.set("executions", count(stranded.executions()));
        node.set("versions", Json.array(stranded.versions(), TextNode::valueOf));
        return node.put("why", stranded.why());
    }

    private static ObjectNode activity(Status.Activity activity) {
        ObjectNode node = Json.fields().put("workflow", activity.workflow());
        node.set("minute", ended(activity.minute()));
        node.set("hour", ended(activity.hour()));
        return node;
    }

    private static ObjectNode ended(Status.Ended ended) {
        return Json.fields()
                .put("submitted", ended.submitted())
                .put("completed", ended.completed())
                .put("failed", ended.failed());
    }

    private static ObjectNode database(Status.DatabaseState database) {
        return Json.fields()
                .put("backend", database.backend().label())
                .put("bytes", database.bytes())
                .put("dead_rows", database.deadRows())
                .put("oldest_transaction_seconds", seconds(database.oldestTransaction()));
    }

    private static ObjectNode count(Count count) {
        return Json.fields().put("count", count.atLeast()).put("more", count.isMore());
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis() / 1000.0;
    }
}
