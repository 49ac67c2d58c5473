package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.WorkflowDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The workflows of a builder, by name, with where each comes from. Not thread safe. */
final class WorkflowsOfBuilder {
    private final Map<String, Added> byName = new LinkedHashMap<>();

    private record Added(WorkflowDefinition definition, String from) {}

    /** Adds a workflow, given a definition or an instance of an annotated class. */
    void add(Object workflow) {
        Object given = Arguments.given("the workflow", workflow);
        WorkflowDefinition definition = WorkflowDefinition.of(given);
        String from = given instanceof WorkflowDefinition
                ? "WorkflowDefinition.named"
                : "class " + given.getClass().getName();
        Added before = byName.putIfAbsent(definition.name(), new Added(definition, from));
        if (before != null) {
            throw new CloacinaException(
                    ErrorCodes.DUPLICATE_WORKFLOW,
                    "there are two workflows named '" + definition.name() + "': one of " + before.from + " and one of "
                            + from + "; leave one out, or give it another name, with @Workflow(name = …) or"
                            + " WorkflowDefinition.named(…)");
        }
    }

    List<WorkflowDefinition> all() {
        return byName.values().stream().map(Added::definition).toList();
    }
}
