package io.cloacina.engine;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import java.util.List;
import java.util.Optional;

/** A definition with what every submission of it stores again: made once. Immutable, thread safe. */
final class Workflow {
    private final WorkflowDefinition definition;
    private final List<TaskDefinition> tasks;
    private final List<String> rules;
    private final List<String> configurations;

    Workflow(WorkflowDefinition definition) {
        this.definition = definition;
        this.tasks = definition.tasks();
        this.rules = tasks.stream().map(task -> RuleJson.of(task.rule())).toList();
        this.configurations = tasks.stream().map(RuleJson::configuration).toList();
    }

    WorkflowDefinition definition() {
        return definition;
    }

    String name() {
        return definition.name();
    }

    String version() {
        return definition.version();
    }

    List<TaskDefinition> tasks() {
        return tasks;
    }

    TaskDefinition task(int position) {
        return tasks.get(position);
    }

    Optional<TaskDefinition> task(String taskName) {
        return definition.task(taskName);
    }

    List<TaskDefinition> successorsOf(TaskDefinition task) {
        return definition.successorsOf(task);
    }

    /** How many tasks nothing depends on. */
    int leaves() {
        return definition.leaves().size();
    }

    /** The trigger rule of a task, as it is stored. */
    String ruleJson(int position) {
        return rules.get(position);
    }

    /** What else was said of a task, as it is stored. */
    String configurationJson(int position) {
        return configurations.get(position);
    }

    /** {@code name@version}. */
    @Override
    public String toString() {
        return definition.toString();
    }
}
