package io.cloacina.api;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The version of a workflow that declares none: the first 8 bytes of the SHA-256 of a text that describes it, in 16
 * hexadecimal digits. The text has a line for each fact; names have no control characters, so no name can pretend to be
 * another line.
 */
final class VersionHash {
    private final StringBuilder text = new StringBuilder();
    private final TaskCode code = new TaskCode();

    private VersionHash() {}

    /** Of tasks in topological order and, for each, the sorted positions of its dependencies. */
    static String of(List<TaskDefinition> tasks, int[][] dependencies, WorkflowSettings settings, List<Class<?>> code) {
        VersionHash hash = new VersionHash();
        settings.limits().forEach(limit -> hash.add("limit", limit));
        if (settings.deadline() != null) {
            hash.text.append("deadline ").append(settings.deadline()).append('\n');
        }
        code.forEach(
                type -> hash.text.append("code ").append(hash.code.of(type)).append('\n'));
        for (InputDefinition input : settings.inputs()) {
            hash.add(input.isRequired() ? "input" : "optional input", input.key(), input.type());
        }
        for (TaskDefinition task : tasks) {
            hash.add(task, dependencies[task.position()]);
        }
        return TaskCode.hex(hash.text.toString().getBytes(StandardCharsets.UTF_8))
                .substring(0, 16);
    }

    private void add(TaskDefinition task, int[] dependencies) {
        text.append("task ").append(task.name()).append("\nafter");
        for (int dependency : dependencies) {
            text.append(' ').append(dependency);
        }
        text.append("\nwhen ");
        add(task.rule());
        text.append("\nretry ").append(task.retry());
        task.retry().condition().ifPresent(condition -> addCode("retry if", condition));
        task.timeout().ifPresent(timeout -> text.append("\ntimeout ").append(timeout));
        text.append("\npriority ").append(task.priority());
        text.append("\ntransactional ").append(task.isTransactional()).append('\n');
        task.waitsFor().ifPresent(this::add);
        task.fanOut().ifPresent(this::add);
        task.child().ifPresent(this::add);
        task.limits().forEach(limit -> add("limit", limit));
        task.reads().forEach((key, type) -> add("reads", key, type));
        task.output()
                .ifPresent(type ->
                        text.append("returns ").append(type.getTypeName()).append('\n'));
        addCode("body", task.body());
        task.onCompleted().ifPresent(callback -> addCode("on completed", callback));
        task.onFailed().ifPresent(callback -> addCode("on failed", callback));
        text.append('\n');
    }

    private void add(Wait wait) {
        if (wait instanceof Wait.Sleep sleep) {
            text.append("sleep ").append(sleep.length()).append('\n');
        } else if (wait instanceof Wait.SleepUntil until) {
            addCode("sleep until", until.time());
        } else if (wait instanceof Wait.Signal signal) {
            text.append("signal ").append(signal.name());
            if (signal.within() != null) {
                text.append(signal.isOptional() ? " or without " : " within ").append(signal.within());
            }
            text.append('\n');
        }
    }

    private void add(FanOut fanOut) {
        text.append("for each ");
        JsonValue.write(fanOut.list(), text);
        text.append(' ').append(fanOut.atOnce()).append(fanOut.isCollecting() ? " collecting\n" : "\n");
    }

    private void add(ChildWorkflow child) {
        text.append("child ");
        JsonValue.write(child.workflow(), text);
        text.append(' ');
        JsonValue.write(child.take(), text);
        text.append('\n');
    }

    private void add(String what, Limit limit) {
        text.append(what).append(' ').append(limit.most());
        limit.every().ifPresent(every -> text.append(" in ").append(every));
        text.append(" per ");
        JsonValue.write(limit.key().orElse(null), text);
        text.append('\n');
    }

    private void add(String what, String key, Type type) {
        text.append(what).append(' ');
        JsonValue.write(key, text);
        text.append(' ').append(type.getTypeName()).append('\n');
    }

    private void addCode(String what, Object object) {
        text.append('\n').append(what).append(' ').append(code.of(object));
    }

    private void add(TriggerRule rule) {
        text.append(rule.type());
        for (TriggerCondition condition : rule.conditions()) {
            text.append(' ').append(condition.type()).append(' ');
            if (condition instanceof TriggerCondition.OfTask ofTask) {
                JsonValue.write(ofTask.taskName(), text);
            } else if (condition instanceof TriggerCondition.ContextValue value) {
                JsonValue.write(value.key(), text);
                text.append(' ').append(value.operator().label()).append(' ');
                JsonValue.write(value.value(), text);
            }
        }
    }
}
