package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.FanOut;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.Wait;

/** Trigger rules and the other settings of a task as JSON, for users who read the tables. */
public final class RuleJson {
    /** The key of the list whose elements a task runs for. */
    public static final String FOR_EACH = "for_each";

    /** The limits of a task, each as a text. */
    public static final String LIMITS = "limits";

    /** The largest number of attempts, which the text of the retry policy also contains. */
    public static final String MAX_ATTEMPTS = "max_attempts";

    private RuleJson() {}

    /** How many attempts the retry policy of a task allows, from its stored configuration. */
    public static int maxAttempts(String configuration) {
        return JsonContext.parse(configuration, "the configuration of a task")
                .path(MAX_ATTEMPTS)
                .asInt(1);
    }

    public static String of(TriggerRule rule) {
        ObjectNode json = JsonContext.empty().put("type", rule.type());
        if (!rule.conditions().isEmpty()) {
            ArrayNode all = json.putArray("conditions");
            rule.conditions().forEach(condition -> all.add(of(condition)));
        }
        return JsonContext.text(json, "a trigger rule");
    }

    /** Contains only settings that differ from their defaults. */
    public static String configuration(TaskDefinition task) {
        ObjectNode json = JsonContext.empty();
        if (task.retry() != RetryPolicy.NONE) {
            json.put("retry", task.retry().toString())
                    .put(MAX_ATTEMPTS, task.retry().maxAttempts());
        }
        task.timeout().ifPresent(timeout -> json.put("timeout", timeout.toString()));
        if (task.priority() != 0) {
            json.put("priority", task.priority());
        }
        if (task.isTransactional()) {
            json.put("transactional", true);
        }
        task.waitsFor().ifPresent(wait -> add(wait, json));
        task.fanOut().ifPresent(fanOut -> {
            json.put(FOR_EACH, fanOut.list());
            if (fanOut.atOnce() != FanOut.UNBOUNDED) {
                json.put("at_once", fanOut.atOnce());
            }
            if (fanOut.isCollecting()) {
                json.put("collect", true);
            }
        });
        task.child().ifPresent(child -> json.put("child", child.workflow()).put("take", child.take()));
        if (!task.limits().isEmpty()) {
            ArrayNode limits = json.putArray(LIMITS);
            task.limits().forEach(limit -> limits.add(limit.toString()));
        }
        return JsonContext.text(json, "the configuration of a task");
    }

    private static void add(Wait wait, ObjectNode json) {
        if (wait instanceof Wait.Sleep sleep) {
            json.put("sleep", sleep.length().toString());
        } else if (wait instanceof Wait.SleepUntil) {
            json.put("sleep", "until its data says");
        } else if (wait instanceof Wait.Signal signal) {
            json.put("signal", signal.name());
            if (signal.within() != null) {
                json.put("within", signal.within().toString());
            }
        }
    }

    private static ObjectNode of(TriggerCondition condition) {
        ObjectNode json = JsonContext.empty().put("type", condition.type());
        if (condition instanceof TriggerCondition.ContextValue value) {
            json.put("key", value.key()).put("operator", value.operator().label());
            if (value.value() != null) {
                json.set("value", JsonContext.node(value.key(), value.value()));
            }
        } else if (condition instanceof TriggerCondition.TaskCompleted completed) {
            json.put("task_name", completed.taskName());
        } else if (condition instanceof TriggerCondition.TaskFailed failed) {
            json.put("task_name", failed.taskName());
        } else if (condition instanceof TriggerCondition.TaskSkipped skipped) {
            json.put("task_name", skipped.taskName());
        }
        return json;
    }
}
