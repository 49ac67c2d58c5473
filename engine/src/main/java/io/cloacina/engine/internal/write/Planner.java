package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerRule;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Step 5 of a task's path: decides what follows finished tasks, in the transaction that finishes them. Each task's row
 * counts its unfinished dependencies. So the cost is that of the edges that are followed, whatever the size of the
 * execution. All tasks that finished together are planned together, in rounds: tasks that one round skips are finished
 * tasks of the next.
 *
 * <p>Rows are locked in one order: first tasks, by execution and position, then executions.
 */
final class Planner {
    private final Lease lease;
    private final ContextLoader contexts;
    private final Completer completer;

    Planner(Lease lease, ContextLoader contexts, Completer completer) {
        this.lease = lease;
        this.contexts = contexts;
        this.completer = completer;
    }

    /**
     * A finished task.
     *
     * @param outcome how its attempt ended, if successors inherit from it; null otherwise
     * @param element if it is a run for an element
     */
    record Done(
            UniversalUuid execution,
            Workflow workflow,
            TaskDefinition task,
            TaskStatus status,
            int priorityOfExecution,
            @Nullable Outcome outcome,
            Claimed.@Nullable Element element) {}

    /** Advances executions in which tasks have finished. */
    void advance(UnitOfWork work, List<Done> finished) {
        Map<UniversalUuid, Completer.Tally> tallies = new TreeMap<>();
        List<Done> round = finished;
        while (!round.isEmpty()) {
            Map<SuccessorKey, Successor> successors = new TreeMap<>();
            for (Done done : round) {
                for (TaskDefinition task : done.workflow().successorsOf(done.task())) {
                    successors
                            .computeIfAbsent(
                                    new SuccessorKey(done.execution(), task.position()),
                                    absent -> new Successor(done.execution(), done.workflow(), task))
                            .add(done);
                }
            }
            List<Done> next = settle(work, successors.values());
            for (Done done : round) {
                tallies.computeIfAbsent(done.execution(), absent -> new Completer.Tally(done.workflow()))
                        .add(done, isLast(done, successors));
            }
            round = next;
        }
        completer.complete(work, tallies);
    }

    /**
     * Whether no task waited for it: it is a leaf, or all tasks after it had completed before the execution was
     * reopened.
     */
    private static boolean isLast(Done done, Map<SuccessorKey, Successor> successors) {
        for (TaskDefinition task : done.workflow().successorsOf(done.task())) {
            if (Objects.requireNonNull(successors.get(new SuccessorKey(done.execution(), task.position())))
                    .wasNotStarted) {
                return false;
            }
        }
        return true;
    }

    private record SuccessorKey(UniversalUuid execution, int position) implements Comparable<SuccessorKey> {
        @Override
        public int compareTo(SuccessorKey other) {
            int byExecution = execution.compareTo(other.execution);
            return byExecution != 0 ? byExecution : Integer.compare(position, other.position);
        }
    }

    /** A task some of whose dependencies finished in this round. */
    private static final class Successor {
        private final UniversalUuid execution;
        private final Workflow workflow;
        private final TaskDefinition task;
        private final Map<String, TaskStatus> unmet = new LinkedHashMap<>();
        private @Nullable Outcome only;
        private int finished;
        private int priority;
        private boolean countedDown;
        private boolean wasNotStarted;

        Successor(UniversalUuid execution, Workflow workflow, TaskDefinition task) {
            this.execution = execution;
            this.workflow = workflow;
            this.task = task;
        }

        void add(Done done) {
            finished++;
            priority = done.priorityOfExecution() + task.priority();
            only = task.dependencies().size() == 1 ? done.outcome() : null;
            if (done.status() != TaskStatus.COMPLETED) {
                unmet.put(done.task().name(), done.status());
            }
        }

        /** With the default rule, and all dependencies finished in this round, nothing is counted or looked up. */
        boolean isDecidedByThisRound() {
            return task.rule() instanceof TriggerRule.DependenciesCompleted
                    && finished == task.dependencies().size();
        }

        /** A task with limits is claimed by {@link LimitedClaims} only. */
        boolean isBounded() {
            return !task.limits().isEmpty();
        }

        TaskStore.Promotion promotion(UniversalUuid runner, UniversalTimestamp at) {
            return new TaskStore.Promotion(execution, task.name(), countedDown ? 0 : finished, runner, at);
        }

        TaskStore.Unrun unrun(Verdict verdict, UniversalTimestamp at) {
            return new TaskStore.Unrun(execution, task.name(), verdict.status(), verdict.reason(), at);
        }
    }

    /** Why a task does not run: it is skipped, or fails because its rule could not be evaluated. */
    private record Verdict(String reason, @Nullable CloacinaException undecided) {
        TaskStatus status() {
            return undecided == null ? TaskStatus.SKIPPED : TaskStatus.FAILED;
        }
    }

    /** Makes tasks ready, claims them, or ends those that do not run; returns those that it ended. */
    private List<Done> settle(UnitOfWork work, Collection<Successor> successors) {
        List<Successor> ready = new ArrayList<>();
        Map<Successor, Verdict> unrun = new LinkedHashMap<>();
        List<Successor> counting = new ArrayList<>();
        for (Successor each : successors) {
            if (!each.isDecidedByThisRound()) {
                counting.add(each);
            } else if (each.unmet.isEmpty()) {
                ready.add(each);
            } else {
                String first = each.task.dependencies().stream()
                        .filter(each.unmet::containsKey)
                        .findFirst()
                        .orElseThrow();
                TaskStatus status = each.unmet.getOrDefault(first, TaskStatus.FAILED);
                unrun.put(each, new Verdict(Rules.notCompleted(first, status), null));
            }
        }
        countDown(work, counting, ready, unrun);
        promote(work, ready);
        return end(work, unrun);
    }

    private void countDown(
            UnitOfWork work, List<Successor> counting, List<Successor> ready, Map<Successor, Verdict> unrun) {
        if (counting.isEmpty()) {
            return;
        }
        List<Optional<TaskStore.Countdown>> counts = work.findEach(
                TaskStore.COUNT_DOWN,
                counting.stream()
                        .map(each -> new TaskStore.Successor(
                                each.execution, each.task.name(), each.finished, each.unmet.size(), work.at()))
                        .toList());
        Map<UniversalUuid, Map<String, TaskStatus>> unmet = new HashMap<>();
        for (int i = 0; i < counts.size(); i++) {
            TaskStore.Countdown count = counts.get(i).orElse(null);
            Successor each = counting.get(i);
            each.wasNotStarted = count != null;
            if (count == null || count.remaining() > 0) {
                continue;
            }
            each.countedDown = true;
            whyNotRun(work.transaction(), each, count.unmet(), unmet)
                    .ifPresentOrElse(verdict -> unrun.put(each, verdict), () -> ready.add(each));
        }
    }

    private Optional<Verdict> whyNotRun(
            WriteTransaction transaction,
            Successor each,
            int unmetDependencies,
            Map<UniversalUuid, Map<String, TaskStatus>> unmetOf) {
        if (each.task.rule() instanceof TriggerRule.DependenciesCompleted && unmetDependencies == 0) {
            return Optional.empty();
        }
        Map<String, TaskStatus> unmet =
                unmetOf.computeIfAbsent(each.execution, execution -> unmetOf(transaction, execution));
        Rules rules = new Rules(unmet, () -> contexts.load(transaction, each.execution, each.workflow, each.task));
        try {
            return rules.whySkipped(each.task).map(reason -> new Verdict(reason, null));
        } catch (DatabaseException | PayloadUnreadableException e) {
            throw e; // a process that has the key can decide the rule
        } catch (CloacinaException e) {
            // The stored values are damaged. The tasks before are not to blame, so their ends must be recorded.
            return Optional.of(new Verdict("its trigger rule could not be evaluated: " + e.getMessage(), e));
        }
    }

    private static Map<String, TaskStatus> unmetOf(WriteTransaction transaction, UniversalUuid execution) {
        Map<String, TaskStatus> unmet = new HashMap<>();
        transaction.list(TaskStore.UNMET_OF, execution).forEach(task -> unmet.put(task.taskName(), task.status()));
        return unmet;
    }

    private void promote(UnitOfWork work, List<Successor> ready) {
        List<Successor> atOnce = new ArrayList<>();
        List<Successor> later = new ArrayList<>();
        for (Successor each : ready) {
            boolean mayRunOn = each.workflow.hasCode()
                    && !each.isBounded()
                    && work.budget().mayRunOn(each.priority);
            boolean runsOn = mayRunOn && work.budget().takeSlots(1) == 1;
            (runsOn ? atOnce : later).add(each);
        }
        UniversalUuid runner = lease.runner();
        if (!atOnce.isEmpty()) {
            List<Optional<TaskStore.Begun>> begun = work.findEach(
                    TaskStore.MAKE_RUNNING,
                    atOnce.stream()
                            .map(each -> each.promotion(runner, work.at()))
                            .toList());
            for (int i = 0; i < atOnce.size(); i++) {
                Successor each = atOnce.get(i);
                begun.get(i).ifPresentOrElse(now -> claimed(work, each, now, runner), () -> {
                    // Its execution is paused: the task is made ready, and starts when the pause ends.
                    work.budget().returnSlots(1);
                    later.add(each);
                });
            }
        }
        makeReady(work, later);
    }

    /** Decides tasks that were added to an execution, and whose dependencies have all ended. */
    void decideAdded(
            UnitOfWork work,
            UniversalUuid execution,
            Workflow workflow,
            List<TaskDefinition> added,
            int priorityOfExecution) {
        List<Successor> ready = new ArrayList<>();
        Map<Successor, Verdict> unrun = new LinkedHashMap<>();
        Map<UniversalUuid, Map<String, TaskStatus>> unmet = new HashMap<>();
        unmet.put(execution, unmetOf(work.transaction(), execution));
        for (TaskDefinition task : added) {
            Successor each = new Successor(execution, workflow, task);
            each.countedDown = true;
            each.priority = priorityOfExecution + task.priority();
            int count = (int) task.dependencies().stream()
                    .filter(unmet.getOrDefault(execution, Map.of())::containsKey)
                    .count();
            whyNotRun(work.transaction(), each, count, unmet)
                    .ifPresentOrElse(verdict -> unrun.put(each, verdict), () -> ready.add(each));
        }
        makeReady(work, ready);
        List<Done> ended = end(work, unrun);
        if (!ended.isEmpty()) {
            advance(work, ended);
        }
    }

    private void makeReady(UnitOfWork work, List<Successor> all) {
        if (all.isEmpty()) {
            return;
        }
        UniversalUuid runner = lease.runner();
        int[] made = work.batch(
                TaskStore.MAKE_READY,
                all.stream().map(each -> each.promotion(runner, work.at())).toList());
        for (int i = 0; i < made.length; i++) {
            if (made[i] == 1) {
                madeReady(all.get(i), work.effects());
            }
        }
    }

    private static void claimed(UnitOfWork work, Successor each, TaskStore.Begun begun, UniversalUuid runner) {
        each.wasNotStarted = true;
        Claim claim = new Claim(
                begun.task(),
                each.execution,
                each.task.name(),
                begun.attempt(),
                begun.maxAttempts(),
                begun.waits(),
                runner,
                work.at());
        Claimed claimed = new Claimed(claim, each.workflow, each.task, each.priority, null);
        if (each.only != null) {
            work.effects().inherits(each.only, claimed);
        } else {
            work.effects().claimed(claimed);
        }
    }

    private static void madeReady(Successor each, CommitEffects effects) {
        each.wasNotStarted = true;
        effects.ready(each.workflow, each.priority);
        if (each.only != null) {
            effects.willInherit(each.only);
        }
    }

    private static List<Done> end(UnitOfWork work, Map<Successor, Verdict> unrun) {
        if (unrun.isEmpty()) {
            return List.of();
        }
        List<Map.Entry<Successor, Verdict>> each = List.copyOf(unrun.entrySet());
        int[] counts = work.batch(
                TaskStore.END_UNRUN,
                each.stream()
                        .map(task -> task.getKey().unrun(task.getValue(), work.at()))
                        .toList());
        List<Done> done = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                Successor task = each.get(i).getKey();
                Verdict verdict = each.get(i).getValue();
                task.wasNotStarted = true;
                done.add(new Done(
                        task.execution,
                        task.workflow,
                        task.task,
                        verdict.status(),
                        task.priority - task.task.priority(),
                        null,
                        null));
                work.effects().event(event(task, verdict, work.at()));
            }
        }
        return done;
    }

    private static EngineEvent event(Successor task, Verdict verdict, UniversalTimestamp at) {
        UUID execution = task.execution.value();
        String workflow = task.workflow.name();
        return verdict.undecided() == null
                ? new EngineEvent.TaskSkipped(execution, workflow, task.task.name(), verdict.reason(), at.toInstant())
                : new EngineEvent.TaskFailed(
                        execution, workflow, task.task.name(), 0, null, verdict.undecided(), at.toInstant());
    }
}
