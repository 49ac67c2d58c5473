package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.Limit;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.internal.host.Sha256;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.json.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which the limits of a task count. They are stored with its row, in this order: those of its workflow
 * if it is a root, then its own. Names contain no control characters, so the separator makes keys unambiguous.
 */
public final class LimitKeys {
    private static final int MAX_BYTES = 150;

    /** Workflow, task, kind of the limit, key of the input, and the value of that key. */
    private static final int PARTS = 5;

    private LimitKeys() {}

    /** A limit that a claim must fit into. */
    public record Bound(Limit limit, boolean isOfExecutions) {}

    /**
     * The limits of the claims of a task: those of its workflow if it is a root, and its own if it does not run for
     * elements. For a run for an element, only those of the task.
     */
    public static List<Bound> bounds(Workflow workflow, TaskDefinition task, boolean isElement) {
        List<Bound> bounds = new ArrayList<>();
        if (!isElement && task.dependencies().isEmpty()) {
            workflow.definition().limits().forEach(limit -> bounds.add(new Bound(limit, true)));
        }
        if (isElement || task.fanOut().isEmpty()) {
            task.limits().forEach(limit -> bounds.add(new Bound(limit, false)));
        }
        return bounds;
    }

    /** The keys of a task as they are stored; null if no limit bounds it. */
    public static @Nullable String of(Workflow workflow, TaskDefinition task, ObjectNode input) {
        return keys(workflow, task, bounds(workflow, task, false), input);
    }

    /** The keys of a task's runs for elements as they are stored; null if no limit bounds them. */
    public static @Nullable String ofElements(Workflow workflow, TaskDefinition task, ObjectNode seen) {
        return keys(workflow, task, bounds(workflow, task, true), seen);
    }

    /**
     * Refuses the input of a submission in which the key of a limit has no value: all such executions would share one
     * limit. Executions that the engine itself submits, children and occurrences of schedules, do share it, as do runs
     * for elements of a task that does not see the key: running executions do not fail for that.
     *
     * @throws CloacinaException with the code LIMIT_KEY
     */
    public static void require(Workflow workflow, ObjectNode input) {
        if (!workflow.isBounded()) {
            return;
        }
        workflow.definition().limits().forEach(limit -> require(limit, "workflow '" + workflow.name() + "'", input));
        for (TaskDefinition task : workflow.tasks()) {
            if (task.fanOut().isEmpty()) {
                String where = "task '" + task.name() + "' of workflow '" + workflow.name() + "'";
                task.limits().forEach(limit -> require(limit, where, input));
            }
        }
    }

    private static void require(Limit limit, String where, ObjectNode input) {
        limit.key().ifPresent(key -> {
            JsonNode value = value(input, key);
            if (value == null || value.isNull()) {
                throw new CloacinaException(
                        ErrorCodes.LIMIT_KEY,
                        where + " has the limit '" + limit + "', but the input "
                                + (value == null ? "has no '" + key + "'" : "has null as '" + key + "'")
                                + "; give it a value, or declare the limit without per");
            }
        });
    }

    /** The value of a key, or else of a path: names that are separated by dots, each a key of the value before it. */
    private static @Nullable JsonNode value(ObjectNode values, String key) {
        JsonNode exact = values.get(key);
        if (exact != null || key.indexOf('.') < 0) {
            return exact;
        }
        JsonNode at = values;
        for (String name : key.split("\\.", -1)) {
            at = at == null ? null : at.get(name);
        }
        return at;
    }

    /** Keys are in indexes, where PostgreSQL has room for 2,700 bytes. A long key is replaced by its digest. */
    private static String bounded(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_BYTES) {
            return key;
        }
        return "sha-256 " + Sha256.hex(bytes);
    }

    /** The value that a key counts for, as JSON; null if it counts for all, or has only a digest or a fingerprint. */
    public static @Nullable String value(String key) {
        String[] parts = key.split("\n", PARTS);
        String value = parts.length < PARTS ? "" : parts[PARTS - 1];
        return value.isEmpty() || Payloads.isFingerprint(value) ? null : value;
    }

    private static @Nullable String keys(
            Workflow workflow, TaskDefinition task, List<Bound> bounds, ObjectNode values) {
        if (bounds.isEmpty()) {
            return null;
        }
        List<String> keys = new ArrayList<>(bounds.size());
        for (Bound bound : bounds) {
            Limit limit = bound.limit();
            JsonNode value = limit.key().map(key -> value(values, key)).orElse(null);
            keys.add(bounded(String.join(
                    "\n",
                    workflow.name(),
                    bound.isOfExecutions() ? "" : task.name(),
                    limit.every().map(every -> "starts in " + every).orElse("at once"),
                    limit.key().orElse(""),
                    value == null
                            ? ""
                            : workflow.payloads().limitValue(JsonMapping.text(value, "the key of a limit")))));
        }
        return JsonContext.names(keys);
    }
}
