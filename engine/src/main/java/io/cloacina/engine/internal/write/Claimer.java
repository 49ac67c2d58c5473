package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.Backoff;
import io.cloacina.engine.internal.host.FailurePauses;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step 2 of a task's path: claims ready tasks for this runner, never more than it has free slots. */
final class Claimer {
    private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LAST_PAUSE = Duration.ofMinutes(1);

    /** Shorter than {@link #LAST_PAUSE}, because other transactions may release their locks at any moment. */
    private static final Duration LAST_PAUSE_FOR_OTHERS = Duration.ofSeconds(5);

    /** After how many failures in a row an error is logged: fewer may be transient. */
    private static final int FAILURES_TOLD = 3;

    private final Workflows workflows;
    private final LimitedClaims limited;
    private final BacklogClaims backlog;
    // Weak keys: the entries of unloaded packages are never removed explicitly.
    private final FailurePauses<Workflow> failing = FailurePauses.withWeakKeys(System::nanoTime);
    /** Workflows of which a claim failed with a serialization error, and none has succeeded since. */
    private final Set<Workflow> lostOnce = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final AtomicInteger turn = new AtomicInteger();

    Claimer(Workflows workflows, Lease lease, boolean isManual) {
        this.workflows = workflows;
        this.limited = new LimitedClaims(lease);
        this.backlog = new BacklogClaims(lease, isManual, System::nanoTime);
    }

    /**
     * Claims as many ready tasks as there are free slots.
     *
     * @throws ClaimFailedException if a claim fails because of the tasks of a workflow
     */
    void claim(UnitOfWork work) {
        if (!work.budget().hasClaimable()) {
            return;
        }
        int slots = work.budget().takeSlots(Integer.MAX_VALUE);
        if (slots == 0) {
            return;
        }
        work.transaction().flush(); // neither an error nor the time of earlier steps is that of a claim
        long begun = System.nanoTime();
        if (work.budget().shouldLook()) {
            look(work);
        }
        Map<UniversalUuid, List<Claimed>> roots = new TreeMap<>();
        for (Map.Entry<Workflow, Integer> candidate : inTurn(work.budget().claimable())) {
            if (slots == 0) {
                work.effects().ready(candidate.getKey(), candidate.getValue());
                continue;
            }
            Workflow workflow = candidate.getKey();
            if (!isPaused(work, workflow)) {
                slots -= unlessItFails(
                        Set.of(workflow), left -> claim(work, workflow, candidate.getValue(), left, roots), slots);
            }
        }
        work.budget().returnSlots(slots);
        if (!roots.isEmpty()) {
            Set<Workflow> started = roots.values().stream()
                    .flatMap(List::stream)
                    .map(Claimed::workflow)
                    .collect(Collectors.toSet());
            unlessItFails(started, all -> start(work, roots), roots.size());
        }
        work.effects().measures().claimTook(System.nanoTime() - begun);
    }

    /**
     * Whether tasks of the workflow could not be claimed a moment ago, because a row cannot be read or another
     * transaction has locked it. A look at the workflow is scheduled for the end of the pause, once.
     */
    private boolean isPaused(UnitOfWork work, Workflow workflow) {
        FailurePauses.Pause pause = failing.pause(workflow);
        if (pause != null && pause.note()) {
            work.effects().lookAgain(workflow, work.at().plus(failing.leftOf(pause)));
        }
        return pause != null;
    }

    private int unlessItFails(Set<Workflow> workflows, IntUnaryOperator claiming, int number) {
        try {
            int claimed = claiming.applyAsInt(number);
            failing.succeeded(workflows);
            lostOnce.removeAll(workflows);
            return claimed;
        } catch (RuntimeException e) { // whatever error a row causes
            throw isOfDatabase(e) || isLostOnce(workflows, e) ? e : new ClaimFailedException(workflows, e);
        }
    }

    /**
     * Whether this is the first serialization error in a row. The other transaction has ended by now, so the whole
     * transaction is retried first, and the workflow gets no pause.
     */
    private boolean isLostOnce(Set<Workflow> workflows, RuntimeException error) {
        return error instanceof DatabaseException e
                && e.kind() == ErrorKind.SERIALIZATION
                && lostOnce.addAll(workflows);
    }

    /** Claims nothing of the workflows of a failed claim for a while, because the error is theirs. */
    void pauseClaims(ClaimFailedException failure) {
        RuntimeException why = failure.why();
        boolean isOfOthers = why instanceof DatabaseException e && e.kind().isRetryable();
        Backoff pauses = new Backoff(FIRST_PAUSE, isOfOthers ? LAST_PAUSE_FOR_OTHERS : LAST_PAUSE);
        for (Workflow workflow : failure.workflows()) {
            if (failing.failed(workflow, pauses::after) == FAILURES_TOLD) {
                LOG.error(
                        "tasks of workflow {} cannot be claimed and will be retried; others are not affected: {}",
                        workflow,
                        why.getMessage());
            }
        }
    }

    /** Whether the error lies in the database or its connection, and so not in the tasks of a workflow. */
    private static boolean isOfDatabase(RuntimeException error) {
        return Unwritable.isNow(error)
                || (error instanceof DatabaseException e
                        && (e.kind() == ErrorKind.CONNECTION || e.kind() == ErrorKind.CLOSED));
    }

    /** Starts executions whose first tasks were claimed, and reads the inputs of all of them with one statement. */
    private static int start(UnitOfWork work, Map<UniversalUuid, List<Claimed>> roots) {
        List<Optional<ExecutionStore.Started>> started = work.findEach(
                ExecutionStore.START,
                roots.keySet().stream()
                        .map(execution -> new ExecutionStore.At(execution, work.at()))
                        .toList());
        Map<UniversalUuid, String> inputs = inputs(work.transaction(), started);
        int i = 0;
        for (List<Claimed> ofOne : roots.values()) {
            ExecutionStore.Started now = started.get(i++).orElse(null);
            for (Claimed root : ofOne) {
                work.effects().claimed(now == null ? root : withInput(root, now.input(), inputs));
            }
        }
        return roots.size();
    }

    private static Claimed withInput(Claimed root, @Nullable UniversalUuid input, Map<UniversalUuid, String> inputs) {
        if (input == null) {
            return root.with(new ContextSnapshot(JsonContext.empty(), 0));
        }
        String json = inputs.get(input);
        return json == null ? root : root.withInput(json);
    }

    private static Map<UniversalUuid, String> inputs(
            WriteTransaction transaction, List<Optional<ExecutionStore.Started>> started) {
        List<String> ids = new ArrayList<>();
        for (Optional<ExecutionStore.Started> each : started) {
            each.map(ExecutionStore.Started::input)
                    .ifPresent(id -> ids.add(id.toString().replace("-", "")));
        }
        Map<UniversalUuid, String> inputs = new HashMap<>();
        if (!ids.isEmpty()) {
            transaction
                    .list(ContextStore.INPUTS, JsonContext.names(ids))
                    .forEach(input -> inputs.put(input.id(), input.json()));
        }
        return inputs;
    }

    /** @param priority a bound above the priorities of its ready tasks */
    private int claim(
            UnitOfWork work, Workflow workflow, int priority, int slots, Map<UniversalUuid, List<Claimed>> roots) {
        List<TaskStore.Taken> taken = backlog.claim(work, workflow, priority, slots);
        if (workflow.isBounded() && taken.size() < slots) {
            taken = new ArrayList<>(taken);
            taken.addAll(limited.claim(work, workflow, slots - taken.size()));
        }
        int least = Integer.MAX_VALUE;
        for (TaskStore.Taken each : taken) {
            least = Math.min(least, each.priority());
            Claim claim = each.claim();
            Claimed claimed = Claimed.of(claim, workflow, each.priority(), each.stage());
            boolean isRoot = claimed.isOrphan()
                    || (claimed.task().dependencies().isEmpty() && each.stage().equals(Claimed.Stage.FIRST));
            if (isRoot && claim.attempt() == 1) {
                roots.computeIfAbsent(claim.execution(), absent -> new ArrayList<>())
                        .add(claimed);
            } else {
                work.effects().claimed(claimed);
            }
        }
        if (taken.size() == slots) {
            // There may be more, but none of a higher priority than the last one.
            work.effects().ready(workflow, least);
        }
        return taken.size();
    }

    /**
     * Workflows with the most urgent tasks first. Among equals the order rotates, so that a busy workflow does not
     * starve the others.
     */
    private List<Map.Entry<Workflow, Integer>> inTurn(Map<Workflow, Integer> claimable) {
        List<Map.Entry<Workflow, Integer>> order = new ArrayList<>(claimable.entrySet());
        if (order.size() > 1) {
            Collections.rotate(order, turn.getAndIncrement() % order.size());
            order.sort((a, b) -> Integer.compare(b.getValue(), a.getValue()));
        }
        return order;
    }

    /** Reads from the database which workflows have ready tasks, including tasks that other processes made ready. */
    private void look(UnitOfWork work) {
        for (ReadyStore.ReadyWorkflow waiting : work.list(ReadyStore.CLAIMABLE, workflows.json())) {
            workflows
                    .find(waiting.workflow(), waiting.version())
                    .ifPresent(workflow -> work.effects().ready(workflow, waiting.priority()));
        }
    }
}
