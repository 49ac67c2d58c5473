package io.cloacina.engine.internal.write;

import io.cloacina.api.FanOut;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.ElementStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.WaitStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Records that attempts wait: each gives its claim back and stores, in the same transaction, whom it waits for. So nothing is
 * waited for that is not there, and nothing is there twice.
 */
final class Suspender {
    private final Submitter submitter;
    private final ExecutionControl control;
    private final ParentNotifier parents;

    Suspender(Submitter submitter, ExecutionControl control, ParentNotifier parents) {
        this.submitter = submitter;
        this.control = control;
        this.parents = parents;
    }

    /** Those of the attempts whose claim was lost. */
    List<Outcome> suspend(
            WriteTransaction transaction, List<Outcome> outcomes, UniversalTimestamp at, CommitEffects effects) {
        List<Outcome> lost = new ArrayList<>();
        if (outcomes.isEmpty()) {
            return lost;
        }
        List<Optional<WaitStore.Suspended>> suspended = transaction.findEach(
                WaitStore.SUSPEND,
                outcomes.stream().map(outcome -> suspension(outcome, at)).toList());
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            WaitStore.Suspended now = suspended.get(i).orElse(null);
            if (now == null) {
                lost.add(outcome);
            } else {
                effects.recorded(outcome);
                began(transaction, outcome, now.isPaused(), at, effects);
            }
        }
        return lost;
    }

    private static WaitStore.Suspension suspension(Outcome outcome, UniversalTimestamp at) {
        Outcome.Suspended ending = (Outcome.Suspended) outcome.ending();
        return new WaitStore.Suspension(
                outcome.claim(), ending.kind(), ending.signal(), ending.dueAt(), ending.children(), at);
    }

    private void began(
            WriteTransaction transaction,
            Outcome outcome,
            boolean isPaused,
            UniversalTimestamp at,
            CommitEffects effects) {
        Outcome.Suspended ending = (Outcome.Suspended) outcome.ending();
        effects.event(new EngineEvent.TaskWaiting(
                outcome.claim().execution().value(),
                outcome.claimed().workflow().name(),
                outcome.claim().taskName(),
                ending.kind(),
                at.toInstant()));
        if (ending instanceof Outcome.Sleeps sleeps) {
            effects.due(sleeps.dueAt());
        } else if (ending instanceof Outcome.Listens listens) {
            listen(transaction, outcome.claim().execution(), listens, at, effects);
        } else if (ending instanceof Outcome.Delegates delegates) {
            delegate(transaction, delegates.child(), isPaused, at, effects);
        } else if (ending instanceof Outcome.Spreads spreads) {
            spread(transaction, outcome, spreads.elements(), isPaused, at, effects);
        }
    }

    private void listen(
            WriteTransaction transaction,
            UniversalUuid execution,
            Outcome.Listens listens,
            UniversalTimestamp at,
            CommitEffects effects) {
        if (listens.dueAt() != null) {
            effects.due(listens.dueAt());
        }
        // Who signals holds this row too, so one of the two sees what the other has done.
        transaction.run(ExecutionStore.LOCK_UNFINISHED, new ExecutionStore.At(execution, at));
        if (transaction
                .find(WaitStore.SIGNAL, new WaitStore.SignalName(execution, listens.signal()))
                .isPresent()) {
            wake(transaction, execution, listens.signal(), at, effects);
        }
    }

    /** Those who wait for a signal go on. */
    void wake(
            WriteTransaction transaction,
            UniversalUuid execution,
            String signal,
            UniversalTimestamp at,
            CommitEffects effects) {
        transaction
                .list(WaitStore.WAKE_SIGNALLED, new WaitStore.Named(execution, signal, at))
                .forEach(waiting -> parents.mayBeReady(waiting, effects));
    }

    private void delegate(
            WriteTransaction transaction,
            PreparedExecution child,
            boolean isPaused,
            UniversalTimestamp at,
            CommitEffects effects) {
        submitter.submit(transaction, List.of(child), isPaused, effects);
        if (isPaused) {
            control.pause(transaction, child.id(), "the execution that waits for it is paused", at, effects);
        }
    }

    /** Stores the runs, or opens those again that did not complete when the task ran before. */
    private void spread(
            WriteTransaction transaction,
            Outcome outcome,
            List<String> elements,
            boolean isPaused,
            UniversalTimestamp at,
            CommitEffects effects) {
        Claimed claimed = outcome.claimed();
        TaskDefinition task = Objects.requireNonNull(claimed.task());
        int atOnce = task.fanOut().map(FanOut::atOnce).orElse(FanOut.UNBOUNDED);
        UniversalBool held = isPaused ? UniversalBool.TRUE : UniversalBool.FALSE;
        List<ElementStore.Known> known =
                transaction.list(ElementStore.OF_TASK, claimed.claim().task());
        effects.ready(claimed.workflow(), claimed.priority());
        if (!known.isEmpty()) {
            reopen(transaction, outcome, task, known, atOnce, held, at, effects);
            return;
        }
        String limitKeys = LimitKeys.ofElements(
                claimed.workflow(),
                task,
                Objects.requireNonNull(outcome.context()).base().values());
        List<ElementStore.NewElement> rows = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            rows.add(new ElementStore.NewElement(
                    UniversalUuid.v7(),
                    claimed,
                    Workflow.elementName(task, i),
                    i,
                    elements.get(i),
                    i < atOnce ? TaskStatus.READY : TaskStatus.NOT_STARTED,
                    held,
                    task.retry().maxAttempts(),
                    limitKeys,
                    at));
        }
        transaction.batch(ElementStore.INSERT, rows);
    }

    private void reopen(
            WriteTransaction transaction,
            Outcome outcome,
            TaskDefinition task,
            List<ElementStore.Known> known,
            int atOnce,
            UniversalBool held,
            UniversalTimestamp at,
            CommitEffects effects) {
        List<ElementStore.Again> again = new ArrayList<>();
        for (ElementStore.Known each : known) {
            if (each.status() != TaskStatus.COMPLETED) {
                again.add(new ElementStore.Again(
                        each.id(),
                        again.size() < atOnce ? TaskStatus.READY : TaskStatus.NOT_STARTED,
                        held,
                        each.attempt() + task.retry().maxAttempts(),
                        at));
            }
        }
        transaction.batch(ElementStore.REOPEN, again);
        int completed = known.size() - again.size();
        if (completed > 0) {
            parents.ended(transaction, outcome.claim().task(), completed, at, effects);
        }
    }
}
