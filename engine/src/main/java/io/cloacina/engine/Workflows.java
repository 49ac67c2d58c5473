package io.cloacina.engine;

import io.cloacina.api.WorkflowDefinition;
import java.util.List;
import java.util.Optional;

/** The definitions that an engine has. Immutable. */
record Workflows(List<WorkflowDefinition> all) {
    Workflows {
        all = List.copyOf(all);
    }

    /** The definition that a new execution is of. */
    WorkflowDefinition named(String name) {
        return all.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownWorkflowException(
                        name, all.stream().map(WorkflowDefinition::name).toList()));
    }

    /** The definition that an existing execution is of. */
    Optional<WorkflowDefinition> find(String name, String version) {
        return all.stream()
                .filter(known -> known.name().equals(name) && known.version().equals(version))
                .findFirst();
    }
}
