package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a task sees: the execution's input, folded with what its ancestors wrote, in the order of the definition. So a value
 * that was merely passed on never overrides a newer one, and the result does not depend on the order of finishing.
 */
final class ContextLoader {
    private final Database database;

    ContextLoader(Database database) {
        this.database = database;
    }

    /** The context of one task. */
    ObjectNode load(UniversalUuid execution, WorkflowDefinition workflow, String taskName) {
        return fold(execution, workflow, ancestors(workflow, taskName));
    }

    /** The context after all tasks that wrote something so far. */
    ObjectNode loadAll(UniversalUuid execution, WorkflowDefinition workflow) {
        Set<String> all = new HashSet<>();
        workflow.tasks().forEach(task -> all.add(task.name()));
        return fold(execution, workflow, all);
    }

    private ObjectNode fold(UniversalUuid execution, WorkflowDefinition workflow, Set<String> writers) {
        record Stored(ExecutionStore.@Nullable Input input, List<ExecutionStore.Patch> patches) {}
        Stored stored = database.read(transaction -> new Stored(
                transaction.find(ExecutionStore.INPUT, execution).orElse(null),
                writers.isEmpty() ? List.of() : transaction.list(ExecutionStore.PATCHES, execution)));
        if (stored.input == null) {
            throw new CloacinaException("there is no execution " + execution);
        }
        String where = "execution " + execution;
        String json = stored.input.json();
        ObjectNode values = json == null ? JsonContext.empty() : JsonContext.parse(json, where);
        Map<String, String> written = new HashMap<>();
        stored.patches.forEach(patch -> written.put(patch.taskName(), patch.json()));
        for (TaskDefinition task : workflow.tasks()) {
            String patch = written.get(task.name());
            if (patch != null && writers.contains(task.name())) {
                JsonContext.apply(JsonContext.parse(patch, "task '" + task.name() + "' of " + where), values);
            }
        }
        return values;
    }

    private static Set<String> ancestors(WorkflowDefinition workflow, String taskName) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(taskName));
        while (!open.isEmpty()) {
            for (String before : workflow.task(open.remove()).orElseThrow().dependencies()) {
                if (found.add(before)) {
                    open.add(before);
                }
            }
        }
        return found;
    }
}
