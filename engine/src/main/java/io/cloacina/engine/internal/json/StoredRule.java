package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads trigger rules that {@link RuleJson} wrote. */
public final class StoredRule {
    private static final String WHERE = "a trigger rule";

    private StoredRule() {}

    /** The rule; empty if a newer version of the library wrote something that this version does not know. */
    public static Optional<TriggerRule> parse(String json) {
        JsonNode stored = JsonContext.parse(json, WHERE);
        try {
            return Optional.ofNullable(rule(stored))
                    .filter(rule -> JsonContext.parse(RuleJson.of(rule), WHERE).equals(stored));
        } catch (CloacinaException e) {
            return Optional.empty();
        }
    }

    private static @Nullable TriggerRule rule(JsonNode stored) {
        List<TriggerCondition> conditions = new ArrayList<>();
        for (JsonNode each : stored.path("conditions")) {
            TriggerCondition condition = condition(each);
            if (condition == null) {
                return null;
            }
            conditions.add(condition);
        }
        return switch (stored.path("type").asText()) {
            case "DependenciesCompleted" -> TriggerRule.dependenciesCompleted();
            case "Always" -> TriggerRule.always();
            case "All" -> new TriggerRule.All(conditions);
            case "Any" -> new TriggerRule.Any(conditions);
            case "None" -> new TriggerRule.None(conditions);
            default -> null;
        };
    }

    private static @Nullable TriggerCondition condition(JsonNode stored) {
        String task = stored.path("task_name").asText();
        return switch (stored.path("type").asText()) {
            case "TaskSuccess" -> TriggerCondition.taskCompleted(task);
            case "TaskFailed" -> TriggerCondition.taskFailed(task);
            case "TaskSkipped" -> TriggerCondition.taskSkipped(task);
            case "ContextValue" -> value(stored);
            default -> null;
        };
    }

    private static @Nullable TriggerCondition value(JsonNode stored) {
        for (ValueOperator operator : ValueOperator.values()) {
            if (operator.label().equals(stored.path("operator").asText())) {
                JsonNode value = stored.get("value");
                return new TriggerCondition.ContextValue(
                        stored.path("key").asText(), operator, value == null ? null : JsonContext.plain(value));
            }
        }
        return null;
    }

    /** A text for users: {@code if 'charge' failed}; empty for the default, that all dependencies completed. */
    public static String text(String json) {
        TriggerRule rule = parse(json).orElse(null);
        if (rule == null) {
            return json;
        } else if (rule instanceof TriggerRule.DependenciesCompleted) {
            return "";
        } else if (rule instanceof TriggerRule.Always) {
            return "however its dependencies ended";
        }
        List<String> all = rule.conditions().stream().map(StoredRule::text).toList();
        boolean isNone = rule instanceof TriggerRule.None;
        return (isNone ? "unless " : "if ") + String.join(rule instanceof TriggerRule.All ? " and " : " or ", all);
    }

    private static String text(TriggerCondition condition) {
        if (condition instanceof TriggerCondition.OfTask task) {
            String how = task instanceof TriggerCondition.TaskCompleted
                    ? " completed"
                    : task instanceof TriggerCondition.TaskFailed ? " failed" : " was skipped";
            return Arguments.shown(task.taskName()) + how;
        }
        TriggerCondition.ContextValue value = (TriggerCondition.ContextValue) condition;
        String key = "value " + Arguments.shown(value.key());
        String compared = value.value() == null
                ? ""
                : JsonContext.node(value.key(), value.value()).toString();
        return key
                + switch (value.operator()) {
                    case EQUALS -> " = " + compared;
                    case NOT_EQUALS -> " is not " + compared;
                    case GREATER_THAN -> " > " + compared;
                    case LESS_THAN -> " < " + compared;
                    case CONTAINS -> " contains " + compared;
                    case NOT_CONTAINS -> " does not contain " + compared;
                    case EXISTS -> " is present";
                    case NOT_EXISTS -> " is absent";
                };
    }
}
