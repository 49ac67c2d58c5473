package io.cloacina.engine.write;

import io.cloacina.api.FanOut;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.claim.Claimed;
import io.cloacina.engine.claim.LimitKeys;
import io.cloacina.engine.claim.Workflow;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.store.ElementStore;
import io.cloacina.engine.store.ExecutionStore;
import io.cloacina.engine.store.WaitStore;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.tables.TaskStatus;
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
    private final ExecutionControl interventions;
    private final ParentNotifier parents;

    Suspender(Submitter submitter, ExecutionControl interventions, ParentNotifier parents) {
        this.submitter = submitter;
        this.interventions = interventions;
        this.parents = parents;
    }

    /** Those of the attempts whose claim was lost. */
    List<Outcome> suspend(WriteTransaction transaction, List<Outcome> finishes, UniversalTimestamp at, CommitEffects effects) {
        List<Outcome> lost = new ArrayList<>();
        if (finishes.isEmpty()) {
            return lost;
        }
        List<Optional<WaitStore.Suspended>> suspended = transaction.findEach(
                WaitStore.SUSPEND,
                finishes.stream().map(finish -> suspension(finish, at)).toList());
        for (int i = 0; i < finishes.size(); i++) {
            Outcome finish = finishes.get(i);
            WaitStore.Suspended now = suspended.get(i).orElse(null);
            if (now == null) {
                lost.add(finish);
            } else {
                effects.recorded(finish);
                began(transaction, finish, now.isHeld(), at, effects);
            }
        }
        return lost;
    }

    private static WaitStore.Suspension suspension(Outcome finish, UniversalTimestamp at) {
        Outcome.Suspended ending = (Outcome.Suspended) finish.ending();
        return new WaitStore.Suspension(
                finish.claim(), ending.kind(), ending.signal(), ending.dueAt(), ending.children(), at);
    }

    private void began(
            WriteTransaction transaction, Outcome finish, boolean isHeld, UniversalTimestamp at, CommitEffects effects) {
        Outcome.Suspended ending = (Outcome.Suspended) finish.ending();
        effects.event(new EngineEvent.TaskWaiting(
                finish.claim().execution().value(),
                finish.claimed().workflow().name(),
                finish.claim().taskName(),
                ending.kind()));
        if (ending instanceof Outcome.Sleeps sleeps) {
            effects.due(sleeps.dueAt());
        } else if (ending instanceof Outcome.Listens listens) {
            listen(transaction, finish.claim().execution(), listens, at, effects);
        } else if (ending instanceof Outcome.Delegates delegates) {
            delegate(transaction, delegates.child(), isHeld, at, effects);
        } else if (ending instanceof Outcome.Spreads spreads) {
            spread(transaction, finish, spreads.elements(), isHeld, at, effects);
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
        transaction.run(ExecutionStore.HOLD_UNFINISHED, new ExecutionStore.At(execution, at));
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
            boolean isHeld,
            UniversalTimestamp at,
            CommitEffects effects) {
        submitter.submit(transaction, List.of(child), isHeld, effects);
        if (isHeld) {
            interventions.pause(transaction, child.id(), "the execution that waits for it is paused", at, effects);
        }
    }

    /** Stores the runs, or opens those again that did not complete when the task ran before. */
    private void spread(
            WriteTransaction transaction,
            Outcome finish,
            List<String> elements,
            boolean isHeld,
            UniversalTimestamp at,
            CommitEffects effects) {
        Claimed claimed = finish.claimed();
        TaskDefinition task = Objects.requireNonNull(claimed.task());
        int atOnce = task.fanOut().map(FanOut::atOnce).orElse(FanOut.UNBOUNDED);
        UniversalBool held = isHeld ? UniversalBool.TRUE : UniversalBool.FALSE;
        List<ElementStore.Known> known =
                transaction.list(ElementStore.OF_TASK, claimed.claim().task());
        effects.ready(claimed.workflow(), claimed.priority());
        if (!known.isEmpty()) {
            reopen(transaction, finish, task, known, atOnce, held, at, effects);
            return;
        }
        String limitKeys = LimitKeys.ofElements(
                claimed.workflow(),
                task,
                Objects.requireNonNull(finish.context()).base().values());
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
            Outcome finish,
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
            parents.ended(transaction, finish.claim().task(), completed, at, effects);
        }
    }
}
