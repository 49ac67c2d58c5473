package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cloacina.api.Limit;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.LimitStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Claims tasks that have limits. While this transaction holds the lock of a key, it reads what counts under the key:
 * the running attempts, or the claims within the period. Other claims under the key wait. A claim whose body will not
 * run, because it begins or ends a wait, is not limited.
 */
final class LimitedClaims {
    private static final int SEARCH = 100;

    private final Lease lease;

    LimitedClaims(Lease lease) {
        this.lease = lease;
    }

    /** Claims ready tasks of a workflow, at most that many. */
    List<TaskStore.Taken> claim(UnitOfWork work, Workflow workflow, int atMost) {
        List<TaskStore.Taken> taken = new ArrayList<>();
        Set<String> full = new LinkedHashSet<>();
        boolean mayBeMore = true;
        while (mayBeMore && taken.size() < atMost) {
            List<LimitStore.Candidate> candidates = work.list(
                    LimitStore.FIND,
                    new LimitStore.Search(workflow.name(), workflow.version(), JsonContext.names(full), SEARCH));
            int before = taken.size() + full.size();
            for (LimitStore.Candidate candidate : candidates) {
                if (taken.size() < atMost && !full.contains(candidate.keys())) {
                    claim(work, workflow, candidate, full).ifPresent(taken::add);
                }
            }
            // Fewer candidates than one key may have: nothing was cut off. Without progress the search would not end.
            mayBeMore = candidates.size() >= LimitStore.PER_KEY && taken.size() + full.size() > before;
        }
        return taken;
    }

    /** Claims a task, and gives it back if a limit is reached: only the claim tells its stage. */
    private Optional<TaskStore.Taken> claim(
            UnitOfWork work, Workflow workflow, LimitStore.Candidate candidate, Set<String> full) {
        ArrayNode keys = JsonContext.parseArray(candidate.keys(), "task " + candidate.task());
        keys.forEach(key -> work.list(LimitStore.LOCK, key.asText()));
        // Read after the locks are held: the claims of others have earlier times then, and a rate counts by time.
        UniversalTimestamp at = work.now();
        TaskStore.Taken taken = work.find(LimitStore.CLAIM, new LimitStore.One(candidate.task(), lease.runner(), at))
                .orElse(null);
        if (taken == null) {
            return Optional.empty();
        }
        TaskDefinition task = workflow.task(taken.claim().taskName()).orElse(null);
        if (task == null || !runsBody(task, taken.stage())) {
            return Optional.of(taken);
        }
        List<LimitKeys.Bound> bounds =
                LimitKeys.bounds(workflow, task, taken.stage().element() != null);
        List<String> counting = new ArrayList<>();
        for (int i = 0; i < Math.min(bounds.size(), keys.size()); i++) {
            String key = keys.get(i).asText();
            LimitKeys.Bound bound = bounds.get(i);
            if (bound.isOfExecutions() && isCounted(work.transaction(), taken.claim(), key)) {
                continue;
            }
            if (!hasRoom(work, bound, key, at, workflow)) {
                full.add(candidate.keys());
                work.run(LimitStore.UNCLAIM, new TaskStore.GiveBack(taken.claim(), at));
                return Optional.empty();
            }
            counting.add(key);
        }
        for (String key : counting) {
            work.run(LimitStore.USE, new LimitStore.Use(UniversalUuid.v7(), key, taken.claim(), at));
        }
        return Optional.of(taken);
    }

    /** Whether the body will run: not if the task begins its wait, or takes up the results of its children. */
    private static boolean runsBody(TaskDefinition task, Claimed.Stage stage) {
        if (stage.waited() == WaitKind.CHILDREN) {
            return false;
        }
        boolean waitsFirst = task.waitsFor().isPresent() && stage.waited() == null && stage.element() == null;
        return !waitsFirst;
    }

    private static boolean isCounted(WriteTransaction transaction, Claim claim, String key) {
        return transaction
                .find(LimitStore.USE_OF, new LimitStore.OfExecution(claim.execution(), key))
                .isPresent();
    }

    private static boolean hasRoom(
            UnitOfWork work, LimitKeys.Bound bound, String key, UniversalTimestamp at, Workflow workflow) {
        Limit limit = bound.limit();
        Duration every = limit.every().orElse(null);
        if (every != null) {
            work.run(LimitStore.FORGET_OLD, new LimitStore.Recent(key, at.saturatedPlus(every.negated())));
        } else {
            work.run(bound.isOfExecutions() ? LimitStore.FORGET_EXECUTIONS : LimitStore.FORGET_TASKS, key);
        }
        if (work.find(LimitStore.USES, key).orElse(0L) < limit.most()) {
            return true;
        }
        if (every != null) {
            work.run(LimitStore.BRING_BACK, new LimitStore.Recent(key, at));
            work.find(LimitStore.OLDEST, key)
                    .ifPresent(oldest -> work.effects().lookAgain(workflow, oldest.saturatedPlus(every)));
        }
        return false;
    }
}
