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

/**
 * Claims ready tasks that have no limits. While many wait, a claim begins where the last one ended: in the index of PostgreSQL, the
 * entries of tasks that were claimed stay until a vacuum, and each claim would read all of them again before it comes to the first
 * task that waits. Every {@link #AT_LEAST_EVERY} one begins at the front. Thread safe.
 */
final class BacklogClaims {
    /** So long a task may be passed over by younger ones, if it became ready after the front was read. */
    private static final Duration AT_LEAST_EVERY = Duration.ofMillis(100);

    /** Fewer do not leave much behind. */
    private static final int MANY = 16;

    private final Lease lease;
    private final boolean byHand;
    // Nobody removes those of packages that are unloaded meanwhile.
    private final Map<Workflow, Place> places = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param byHand whether each claim begins at the front: then the order does not depend on how much time passes */
    BacklogClaims(Lease lease, boolean byHand) {
        this.lease = lease;
        this.byHand = byHand;
    }

    /**
     * How far claims have come: everything before this task, in the order of claims, was claimed or locked by others.
     *
     * @param frontReadAt by {@link System#nanoTime}
     */
    private record Place(int priority, UniversalUuid task, long frontReadAt) {
        static Place behind(List<TaskStore.Taken> taken, long frontReadAt) {
            int least = taken.stream().mapToInt(TaskStore.Taken::priority).min().orElseThrow();
            UniversalUuid last = taken.stream()
                    .filter(each -> each.priority() == least)
                    .map(each -> each.claim().task())
                    .max(UniversalUuid::compareTo)
                    .orElseThrow();
            return new Place(least, last, frontReadAt);
        }

        boolean isRecent() {
            return System.nanoTime() - frontReadAt < AT_LEAST_EVERY.toNanos();
        }
    }

    /**
     * Claims as many tasks of a workflow as there are, and at most so many.
     *
     * @param priority of the most urgent one that is believed to wait
     */
    List<TaskStore.Taken> claim(UnitOfWork work, Workflow workflow, int priority, int slots) {
        Place place = places.get(workflow);
        List<TaskStore.Taken> taken = new ArrayList<>();
        if (place != null && place.priority >= priority && place.isRecent()) {
            ReadyStore.ClaimBehind behind =
                    new ReadyStore.ClaimBehind(request(work, workflow, slots), place.priority, place.task);
            taken.addAll(work.list(ReadyStore.CLAIM_BEHIND, behind));
            if (taken.size() == slots) {
                places.put(workflow, Place.behind(taken, place.frontReadAt));
                return taken;
            }
        }
        long now = System.nanoTime();
        List<TaskStore.Taken> fromFront = work.list(ReadyStore.CLAIM, request(work, workflow, slots - taken.size()));
        if (fromFront.size() == slots && slots >= MANY && !byHand) {
            places.put(workflow, Place.behind(fromFront, now));
        } else {
            places.remove(workflow);
        }
        taken.addAll(fromFront);
        return taken;
    }

    private ReadyStore.ClaimRequest request(UnitOfWork work, Workflow workflow, int atMost) {
        return new ReadyStore.ClaimRequest(workflow.name(), workflow.version(), lease.runner(), atMost, work.at());
    }
}
