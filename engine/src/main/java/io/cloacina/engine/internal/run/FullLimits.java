package io.cloacina.engine.internal.run;

import io.cloacina.api.Limit;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.LimitStore;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the limits that are full, as a claim would. Only reads: uses that no longer count are not removed. For one thread. */
final class FullLimits {
    /** How many uses of a key are read. */
    static final int MOST = 1_000;

    private final Database database;
    private final Definitions definitions;
    private final Map<String, Optional<Workflow>> known = new HashMap<>();

    FullLimits(Database database, Definitions definitions) {
        this.database = database;
        this.definitions = definitions;
    }

    /**
     * A limit that is full.
     *
     * @param task the task that it limits; null if it limits executions
     * @param key the value that it holds for, JSON; null if it holds for all, or the value is not known
     * @param holders the uses that count, the oldest first, up to {@link #MOST}
     */
    record Full(
            @Nullable String task, Limit limit, @Nullable String key, List<LimitStore.Holder> holders) {
        /** When there is room again; null if that is not known, because the limit is not a rate. */
        @Nullable
        UniversalTimestamp roomAt() {
            Duration every = limit.every().orElse(null);
            return every == null ? null : holders.get(0).since().saturatedPlus(every);
        }
    }

    /**
     * The full limits of a ready task.
     *
     * @param execution null to find those that are full for an execution that does not count yet
     * @param keys as they are stored with the task, a JSON array of texts
     */
    List<Full> of(
            String workflow,
            String version,
            String taskName,
            @Nullable UniversalUuid execution,
            String keys,
            UniversalTimestamp now) {
        Workflow its = known.computeIfAbsent(workflow + "@" + version, absent -> definitions.known(workflow, version))
                .orElse(null);
        TaskDefinition task = its == null ? null : its.task(taskName).orElse(null);
        if (its == null || task == null) {
            return List.of();
        }
        boolean isElement = !task.name().equals(taskName);
        List<LimitKeys.Bound> bounds = LimitKeys.bounds(its, task, isElement);
        List<String> stored = JsonContext.texts(keys);
        List<Full> full = new ArrayList<>();
        for (int i = 0; i < Math.min(bounds.size(), stored.size()); i++) {
            LimitKeys.Bound bound = bounds.get(i);
            String key = stored.get(i);
            if (execution == null || !bound.isOfExecutions() || !isCounted(execution, key)) {
                List<LimitStore.Holder> holders = holders(bound, key, now);
                if (holders.size() >= Math.min(MOST, bound.limit().most())) {
                    full.add(new Full(
                            bound.isOfExecutions() ? null : task.name(), bound.limit(), LimitKeys.value(key), holders));
                }
            }
        }
        return full;
    }

    private boolean isCounted(UniversalUuid execution, String key) {
        return database.find(LimitStore.USE_OF, new LimitStore.OfExecution(execution, key))
                .isPresent();
    }

    private List<LimitStore.Holder> holders(LimitKeys.Bound bound, String key, UniversalTimestamp now) {
        Duration every = bound.limit().every().orElse(null);
        UniversalTimestamp after = every == null ? UniversalTimestamp.MIN : now.saturatedPlus(every.negated());
        return database.list(
                every != null
                        ? LimitStore.HELD_BY_STARTS
                        : bound.isOfExecutions() ? LimitStore.HELD_BY_EXECUTIONS : LimitStore.HELD_BY_TASKS,
                new LimitStore.Uses(key, after, MOST));
    }
}
