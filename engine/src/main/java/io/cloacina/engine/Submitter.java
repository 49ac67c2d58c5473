package io.cloacina.engine;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.tables.TaskStatus;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Step one of the walk: stores an execution with all its tasks, the roots ready. An empty input, null here, is not stored. */
final class Submitter {
    private Submitter() {}

    static void submit(
            WriteTransaction transaction,
            UniversalUuid execution,
            WorkflowDefinition workflow,
            @Nullable String input,
            UniversalTimestamp at) {
        List<TaskDefinition> tasks = workflow.tasks();
        transaction.run(
                ExecutionStore.INSERT,
                new ExecutionStore.NewExecution(
                        execution,
                        workflow.name(),
                        workflow.version(),
                        storeInput(transaction, input, at),
                        tasks.size(),
                        at));
        transaction.batch(
                TaskStore.INSERT,
                tasks.stream().map(task -> row(workflow, task, execution, at)).toList());
    }

    private static @Nullable UniversalUuid storeInput(
            WriteTransaction transaction, @Nullable String input, UniversalTimestamp at) {
        if (input == null) {
            return null;
        }
        UniversalUuid context = UniversalUuid.v7();
        transaction.run(ExecutionStore.INSERT_CONTEXT, new ExecutionStore.NewContext(context, input, at));
        return context;
    }

    private static TaskStore.NewTask row(
            WorkflowDefinition workflow, TaskDefinition task, UniversalUuid execution, UniversalTimestamp at) {
        int dependencies = task.dependencies().size();
        return new TaskStore.NewTask(
                UniversalUuid.v7(),
                execution,
                workflow.name(),
                workflow.version(),
                task.name(),
                dependencies == 0 ? TaskStatus.READY : TaskStatus.NOT_STARTED,
                dependencies,
                task.retry().maxAttempts(),
                triggerRules(task),
                at);
    }

    /** The default rule, in the form that rules are stored in. */
    private static String triggerRules(TaskDefinition task) {
        return task.dependencies().stream()
                .map(name -> "{\"type\":\"TaskSuccess\",\"task_name\":" + JsonContext.node("task_name", name) + "}")
                .collect(Collectors.joining(",", "{\"type\":\"All\",\"conditions\":[", "]}"));
    }
}
