package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads what a task sees: the input of the execution, merged with what the ancestors of the task wrote, in the order of
 * the definition. So a value that was only passed on never overrides a newer one, and the result does not depend on the
 * order in which the tasks finished.
 *
 * <p>Snapshots for the tasks that run next here are remembered, within bounds. Thread safe.
 */
public final class ContextLoader {
    /** About how many characters of JSON are remembered. */
    private static final long MAX_REMEMBERED = 16_000_000;

    private static final int SIZE_OF_ENTRY = 500;

    private final Database database;
    private final Map<SnapshotKey, ContextSnapshot> remembered = new LinkedHashMap<>();
    private long rememberedSize;

    public ContextLoader(Database database) {
        this.database = database;
    }

    /** Where a remembered snapshot was taken: after which task of which execution. */
    private record SnapshotKey(UniversalUuid execution, String after) {}

    private interface PatchReading {
        <P> List<ContextStore.Patch> list(Select<P, ContextStore.Patch> select, P argument);
    }

    /** What a claimed task sees. All runs for the elements of a list see the same, which is loaded once. */
    public ContextSnapshot load(Claimed claimed, TaskDefinition task) {
        Claim claim = claimed.claim();
        Workflow workflow = claimed.workflow();
        if (claimed.stage().element() != null) {
            String marker = task.name() + "[]";
            return recall(claim.execution(), marker).orElseGet(() -> {
                ContextSnapshot loaded =
                        load(database::list, claim.execution(), workflow, task).shared();
                remember(claim.execution(), marker, loaded);
                return loaded;
            });
        }
        if (task.dependencies().size() == 1) {
            Optional<ContextSnapshot> known =
                    recall(claim.execution(), task.dependencies().get(0));
            if (known.isPresent()) {
                return known.get();
            }
        }
        return load(database::list, claim.execution(), workflow, task);
    }

    /** What an execution carries for interceptors. */
    public ExecutionStore.Carried carried(UniversalUuid execution) {
        return database.find(ExecutionStore.CARRIED, execution).orElseThrow();
    }

    /**
     * What a task would see, for its trigger rule, which is decided in the transaction that finished its last
     * dependency.
     */
    public ObjectNode load(
            ReadTransaction transaction, UniversalUuid execution, Workflow workflow, TaskDefinition task) {
        return load(transaction::list, execution, workflow, task).values();
    }

    /**
     * The context with everything that the tasks wrote so far. It needs no definition: rows of tasks are in its order.
     */
    public ObjectNode loadAll(UniversalUuid execution) {
        ObjectNode values = JsonContext.empty();
        String where = "execution " + execution;
        database.find(ContextStore.INPUT_OF, execution)
                .ifPresent(input -> JsonContext.apply(JsonContext.parse(input, where), values));
        for (ContextStore.Patch patch : database.list(ContextStore.WRITTEN, execution)) {
            JsonContext.apply(JsonContext.parse(patch.json(), "task '" + patch.taskName() + "' of " + where), values);
        }
        return values;
    }

    /**
     * Hands what a finished task saw and wrote on to the tasks that depend on it alone. Those that were claimed in the
     * same transaction are returned with it; for the others it is remembered.
     */
    public List<Claimed> handOn(Outcome outcome, CommitEffects.Heirs heirs) {
        AttemptContext context = outcome.context();
        if (context == null) {
            return heirs.atOnce();
        }
        String patch = outcome.patch();
        boolean isShared = heirs.hasLater() || heirs.atOnce().size() > 1;
        ContextSnapshot next = context.base().handOn(context.written(), patch == null ? 0 : patch.length(), isShared);
        if (heirs.hasLater()) {
            remember(outcome.claim().execution(), outcome.claim().taskName(), next);
        }
        return heirs.atOnce().stream().map(heir -> heir.with(next)).toList();
    }

    /**
     * Remembers a shared snapshot: what tasks see that depend on one task alone. The newest entry is kept even if it exceeds the bound:
     * otherwise each run for an element of a list would load it again.
     */
    private synchronized void remember(UniversalUuid execution, String after, ContextSnapshot snapshot) {
        ContextSnapshot replaced = remembered.put(new SnapshotKey(execution, after), snapshot.shared());
        rememberedSize += snapshot.size() - (replaced == null ? -SIZE_OF_ENTRY : replaced.size());
        var eldest = remembered.values().iterator();
        while (rememberedSize > MAX_REMEMBERED && remembered.size() > 1) {
            rememberedSize -= eldest.next().size() + SIZE_OF_ENTRY;
            eldest.remove();
        }
    }

    private synchronized Optional<ContextSnapshot> recall(UniversalUuid execution, String after) {
        return Optional.ofNullable(remembered.get(new SnapshotKey(execution, after)));
    }

    private static ContextSnapshot load(
            PatchReading reading, UniversalUuid execution, Workflow workflow, TaskDefinition task) {
        String writers = JsonContext.names(workflow.definition().ancestors(task.name()));
        return fold(
                reading.list(ContextStore.WRITTEN_BY, new ContextStore.Writers(execution, writers)),
                execution,
                workflow);
    }

    private static ContextSnapshot fold(List<ContextStore.Patch> patches, UniversalUuid execution, Workflow workflow) {
        Map<String, String> written = new HashMap<>();
        patches.forEach(patch -> written.put(patch.taskName(), patch.json()));
        String where = "execution " + execution;
        String input = written.remove("");
        ObjectNode values = input == null ? JsonContext.empty() : JsonContext.parse(input, where);
        int size = input == null ? 0 : input.length();
        for (TaskDefinition task : inOrder(written, workflow)) {
            String patch = written.getOrDefault(task.name(), "{}");
            JsonContext.apply(JsonContext.parse(patch, "task '" + task.name() + "' of " + where), values);
            size += patch.length();
        }
        return new ContextSnapshot(values, size);
    }

    private static List<TaskDefinition> inOrder(Map<String, String> written, Workflow workflow) {
        List<TaskDefinition> writers = new ArrayList<>();
        for (String name : written.keySet()) {
            writers.add(workflow.task(name)
                    .orElseThrow(() -> new CloacinaException(
                            ErrorCodes.CHANGED_WORKFLOW,
                            "task '" + name + "' wrote data, but workflow " + workflow
                                    + " has no such task any more: its tasks were changed and its version was not")));
        }
        writers.sort((a, b) -> Integer.compare(a.position(), b.position()));
        return writers;
    }
}
