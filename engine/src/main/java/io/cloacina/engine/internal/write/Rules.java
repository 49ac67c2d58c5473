package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.json.JsonContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates trigger rules, when all dependencies of a task have finished. {@code unmet} has the finished tasks that did
 * not complete: a finished task that is not among them is Completed.
 */
final class Rules {
    private final Map<String, TaskStatus> unmet;
    private final Supplier<ObjectNode> context;

    /** @param context supplies what the task would see; called only if a rule reads it */
    Rules(Map<String, TaskStatus> unmet, Supplier<ObjectNode> context) {
        this.unmet = unmet;
        this.context = context;
    }

    /** Why the task is skipped, as a text that can be stored whatever values its rule has; empty if the task runs. */
    Optional<String> whySkipped(TaskDefinition task) {
        return reason(task).map(ErrorText::storable);
    }

    private Optional<String> reason(TaskDefinition task) {
        TriggerRule rule = task.rule();
        if (rule instanceof TriggerRule.All all) {
            return all.conditions().stream()
                    .filter(condition -> !holds(condition))
                    .findFirst()
                    .map(condition -> "skipped: not all of its conditions hold: " + describe(condition));
        }
        if (rule instanceof TriggerRule.Any any) {
            return any.conditions().stream().anyMatch(this::holds)
                    ? Optional.empty()
                    : Optional.of("skipped: none of its conditions holds: " + describe(any.conditions()));
        }
        if (rule instanceof TriggerRule.None none) {
            return none.conditions().stream()
                    .filter(this::holds)
                    .findFirst()
                    .map(condition -> "skipped: a condition holds that must not hold: " + describe(condition));
        }
        if (rule instanceof TriggerRule.Always) {
            return Optional.empty();
        }
        return task.dependencies().stream()
                .filter(unmet::containsKey)
                .findFirst()
                .map(before -> notCompleted(before, status(before)));
    }

    /** The reason to skip a task because of a dependency that did not complete. */
    static String notCompleted(String dependency, TaskStatus status) {
        return "skipped: its dependency '" + dependency + "' is " + status.label();
    }

    private TaskStatus status(String taskName) {
        return unmet.getOrDefault(taskName, TaskStatus.COMPLETED);
    }

    private boolean holds(TriggerCondition condition) {
        if (condition instanceof TriggerCondition.TaskCompleted completed) {
            return status(completed.taskName()) == TaskStatus.COMPLETED;
        }
        if (condition instanceof TriggerCondition.TaskFailed failed) {
            return status(failed.taskName()) == TaskStatus.FAILED;
        }
        if (condition instanceof TriggerCondition.TaskSkipped skipped) {
            return status(skipped.taskName()) == TaskStatus.SKIPPED;
        }
        TriggerCondition.ContextValue value = (TriggerCondition.ContextValue) condition;
        return holds(value, context.get().get(value.key()));
    }

    /** @param found null if the key is absent; JSON null is a value, which only an input can have */
    private static boolean holds(TriggerCondition.ContextValue condition, @Nullable JsonNode found) {
        JsonNode value = condition.value() == null
                ? JsonContext.empty().nullNode()
                : JsonContext.node(condition.key(), condition.value());
        return switch (condition.operator()) {
            case EXISTS -> found != null;
            case NOT_EXISTS -> found == null;
            case EQUALS -> found != null && isEqual(found, value);
            case NOT_EQUALS -> found == null || !isEqual(found, value);
            case GREATER_THAN -> found != null && order(found, value) > 0;
            case LESS_THAN -> found != null && order(found, value) < 0;
            case CONTAINS -> found != null && contains(found, value);
            case NOT_CONTAINS -> found == null || !contains(found, value);
        };
    }

    /** Compares numbers at any depth by their value: 1 equals 1.0. */
    private static boolean isEqual(JsonNode a, JsonNode b) {
        return a.equals(
                (x, y) -> {
                    if (x.isNumber() && y.isNumber()) {
                        return x.decimalValue().compareTo(y.decimalValue());
                    }
                    return x.equals(y) ? 0 : 1;
                },
                b);
    }

    /** Also 0 for values that have no order: only two numbers or two texts have one. */
    private static int order(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        if (a.isTextual() && b.isTextual()) {
            return byCodePoint(a.textValue(), b.textValue());
        }
        return 0;
    }

    private static int byCodePoint(String a, String b) {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        return Arrays.compare(left, right);
    }

    private static boolean contains(JsonNode whole, JsonNode part) {
        if (whole.isTextual()) {
            return part.isTextual() && whole.textValue().contains(part.textValue());
        }
        if (whole.isArray()) {
            for (JsonNode element : whole) {
                if (isEqual(element, part)) {
                    return true;
                }
            }
            return false;
        }
        return whole.isObject() && part.isTextual() && whole.has(part.textValue());
    }

    private static String describe(List<TriggerCondition> conditions) {
        return String.join(", ", conditions.stream().map(Rules::describe).toList());
    }

    private static String describe(TriggerCondition condition) {
        if (condition instanceof TriggerCondition.ContextValue value) {
            String compared = value.value() == null ? "" : " " + JsonContext.node(value.key(), value.value());
            return "'" + value.key() + "' " + value.operator().label() + compared;
        }
        if (condition instanceof TriggerCondition.TaskCompleted completed) {
            return "TaskCompleted '" + completed.taskName() + "'";
        }
        if (condition instanceof TriggerCondition.TaskFailed failed) {
            return "TaskFailed '" + failed.taskName() + "'";
        }
        return "TaskSkipped '" + ((TriggerCondition.TaskSkipped) condition).taskName() + "'";
    }
}
