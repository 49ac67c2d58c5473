package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;

/** Trigger rules and the other settings of a task as JSON, for those who look at the tables. */
final class RuleJson {
    private RuleJson() {}

    static String of(TriggerRule rule) {
        ObjectNode json = JsonContext.empty().put("type", rule.type());
        if (!rule.conditions().isEmpty()) {
            ArrayNode all = json.putArray("conditions");
            rule.conditions().forEach(condition -> all.add(of(condition)));
        }
        return JsonContext.text(json, "a trigger rule");
    }

    /** Only what was said. */
    static String configuration(TaskDefinition task) {
        ObjectNode json = JsonContext.empty();
        if (task.retry() != RetryPolicy.NONE) {
            json.put("retry", task.retry().toString());
        }
        task.timeout().ifPresent(timeout -> json.put("timeout", timeout.toString()));
        if (task.priority() != 0) {
            json.put("priority", task.priority());
        }
        if (task.isTransactional()) {
            json.put("transactional", true);
        }
        return json.toString();
    }

    private static ObjectNode of(TriggerCondition condition) {
        ObjectNode json = JsonContext.empty().put("type", condition.type());
        if (condition instanceof TriggerCondition.ContextValue value) {
            json.put("key", value.key()).put("operator", value.operator().label());
            if (value.value() != null) {
                json.set("value", JsonContext.node(value.key(), value.value()));
            }
        } else if (condition instanceof TriggerCondition.TaskSuccess success) {
            json.put("task_name", success.taskName());
        } else if (condition instanceof TriggerCondition.TaskFailed failed) {
            json.put("task_name", failed.taskName());
        } else if (condition instanceof TriggerCondition.TaskSkipped skipped) {
            json.put("task_name", skipped.taskName());
        }
        return json;
    }
}
