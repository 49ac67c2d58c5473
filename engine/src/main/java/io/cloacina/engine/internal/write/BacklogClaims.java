package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;

/**
 * Claims ready tasks that have no limits. While many are ready, a claim begins where the last one ended: PostgreSQL
 * keeps the index entries of claimed tasks until a vacuum, and each claim would read all of them again before it
 * reaches the first ready task. Every {@link #AT_LEAST_EVERY} a claim begins at the front of the index. Thread safe.
 */
public final class BacklogClaims {
    /** How long a task that became ready after the front was read may be passed over by younger tasks. */
    public static final Duration AT_LEAST_EVERY = Duration.ofMillis(100);

    /** A smaller claim leaves few dead index entries behind, so the claim after it begins at the front, too. */
    private static final int MANY = 16;

    private final Lease lease;
    private final boolean isManual;
    private final LongSupplier nanos;
    // Weak keys: the entries of unloaded packages are never removed explicitly.
    private final Map<Workflow, Reached> reached = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param isManual whether each claim begins at the front: then the order does not depend on how much time passes
     * @param nanos as {@link System#nanoTime}
     */
    public BacklogClaims(Lease lease, boolean isManual, LongSupplier nanos) {
        this.lease = lease;
        this.isManual = isManual;
        this.nanos = nanos;
    }

    /**
     * How far claims have come: all tasks up to this one, in the order of claims, were claimed, or locked by other
     * transactions.
     *
     * @param frontReadAt when a claim last began at the front
     */
    private record Reached(int priority, UniversalUuid task, long frontReadAt) {
        static Reached behind(List<TaskStore.Taken> taken, long frontReadAt) {
            int least = taken.stream().mapToInt(TaskStore.Taken::priority).min().orElseThrow();
            UniversalUuid last = taken.stream()
                    .filter(each -> each.priority() == least)
                    .map(each -> each.claim().task())
                    .max(UniversalUuid::compareTo)
                    .orElseThrow();
            return new Reached(least, last, frontReadAt);
        }
    }

    /**
     * Claims ready tasks of a workflow, at most as many as there are slots.
     *
     * @param priority a bound above the priorities of its ready tasks
     */
    public List<TaskStore.Taken> claim(UnitOfWork work, Workflow workflow, int priority, int slots) {
        long now = nanos.getAsLong();
        Reached last = reached.get(workflow);
        List<TaskStore.Taken> taken = new ArrayList<>();
        if (last != null && last.priority >= priority && now - last.frontReadAt < AT_LEAST_EVERY.toNanos()) {
            ReadyStore.ClaimBehind behind =
                    new ReadyStore.ClaimBehind(request(work, workflow, slots), last.priority, last.task);
            taken.addAll(work.list(ReadyStore.CLAIM_BEHIND, behind));
            if (taken.size() == slots) {
                reached.put(workflow, Reached.behind(taken, last.frontReadAt));
                return taken;
            }
        }
        List<TaskStore.Taken> fromFront = work.list(ReadyStore.CLAIM, request(work, workflow, slots - taken.size()));
        if (fromFront.size() == slots && slots >= MANY && !isManual) {
            reached.put(workflow, Reached.behind(fromFront, now));
        } else {
            reached.remove(workflow);
        }
        taken.addAll(fromFront);
        return taken;
    }

    private ReadyStore.ClaimRequest request(UnitOfWork work, Workflow workflow, int atMost) {
        return new ReadyStore.ClaimRequest(workflow.name(), workflow.version(), lease.runner(), atMost, work.at());
    }
}
