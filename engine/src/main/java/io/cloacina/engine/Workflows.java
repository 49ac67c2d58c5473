package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cloacina.api.WorkflowDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The workflows that an engine has. Immutable. */
final class Workflows {
    private final Map<String, Workflow> byName = new TreeMap<>();
    private final String json;
    private final int maxTasks;

    /** @param maxTasks how many runs for elements one task may have */
    Workflows(List<WorkflowDefinition> definitions, int maxTasks) {
        this.maxTasks = maxTasks;
        definitions.forEach(definition -> byName.put(definition.name(), new Workflow(definition)));
        ArrayNode pairs = JsonContext.array();
        byName.values()
                .forEach(workflow -> pairs.addArray().add(workflow.name()).add(workflow.version()));
        this.json = pairs.toString();
    }

    int maxTasks() {
        return maxTasks;
    }

    Collection<Workflow> all() {
        return byName.values();
    }

    /** Names and versions, as an array of pairs. */
    String json() {
        return json;
    }

    /** The workflow to submit by that name. */
    Workflow named(String name) {
        Workflow found = byName.get(name);
        if (found == null) {
            throw new UnknownWorkflowException(name, byName.keySet());
        }
        return found;
    }

    /** The workflow that is submitted by that name, if this engine has it. */
    Optional<Workflow> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** A task of a workflow is ready: this engine may claim it, or only others have that version. */
    void ready(String name, String version, int priority, Effects effects) {
        find(name, version).ifPresentOrElse(workflow -> effects.ready(workflow, priority), effects::othersShouldLook);
    }

    /** The workflow of an execution, if this engine has it in that version. */
    Optional<Workflow> find(String name, String version) {
        return Optional.ofNullable(byName.get(name))
                .filter(found -> found.version().equals(version));
    }
}
