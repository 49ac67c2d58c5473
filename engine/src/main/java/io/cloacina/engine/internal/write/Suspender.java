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
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Records that attempts wait: each gives its claim back and stores, in the same transaction, what it waits for. So no
 * task waits for a child that does not exist, and no child is submitted twice.
 */
public final class Suspender {
    private final Submitter submitter;
    private final ExecutionControl control;
    private final ParentNotifier parents;

    Suspender(Submitter submitter, ExecutionControl control, ParentNotifier parents) {
        this.submitter = submitter;
        this.control = control;
        this.parents = parents;
    }

    /** Suspends attempts; returns those whose claim was lost. */
    List<Endings.Of<Outcome.Suspended>> suspend(UnitOfWork work, List<Endings.Of<Outcome.Suspended>> attempts) {
        List<Endings.Of<Outcome.Suspended>> lost = new ArrayList<>();
        if (attempts.isEmpty()) {
            return lost;
        }
        List<Optional<WaitStore.Suspended>> suspended = work.findEach(
                WaitStore.SUSPEND,
                attempts.stream().map(attempt -> suspension(attempt, work.at())).toList());
        for (int i = 0; i < attempts.size(); i++) {
            Endings.Of<Outcome.Suspended> attempt = attempts.get(i);
            WaitStore.Suspended now = suspended.get(i).orElse(null);
            if (now == null) {
                lost.add(attempt);
            } else {
                work.effects().recorded(attempt.outcome());
                began(work, attempt, now.isPaused());
            }
        }
        return lost;
    }

    /** Sends a signal to an execution, once: a repetition with the same key does nothing. */
    public void signal(UnitOfWork work, WaitStore.NewSignal signal) {
        UniversalUuid id = signal.execution();
        // A task that begins to wait locks this row, too, so one of the two transactions sees what the other has done.
        boolean isUnfinished = work.run(ExecutionStore.LOCK_UNFINISHED, new ExecutionStore.At(id, signal.at())) == 1;
        WaitStore.Sent before = work.find(WaitStore.SIGNAL, new WaitStore.SignalName(id, signal.name()))
                .orElse(null);
        if (before != null && signal.key() != null && signal.key().equals(before.key())) {
            return;
        }
        String asked = "sent the signal '" + signal.name() + "'";
        if (!isUnfinished) {
            throw new ExecutionStateException(ExecutionControl.find(work.transaction(), id), asked, "it has ended");
        }
        if (before != null) {
            throw new ExecutionStateException(
                    ExecutionControl.find(work.transaction(), id),
                    asked,
                    "it was already sent; a repetition needs the idempotency key of the first one");
        }
        work.run(WaitStore.INSERT_SIGNAL, signal);
        wake(work, id, signal.name());
    }

    private static WaitStore.Suspension suspension(Endings.Of<Outcome.Suspended> attempt, UniversalTimestamp at) {
        Outcome.Suspended ending = attempt.ending();
        return new WaitStore.Suspension(
                attempt.outcome().claim(), ending.kind(), ending.signal(), ending.dueAt(), ending.children(), at);
    }

    private void began(UnitOfWork work, Endings.Of<Outcome.Suspended> attempt, boolean isPaused) {
        Outcome outcome = attempt.outcome();
        work.effects()
                .event(new EngineEvent.TaskWaiting(
                        outcome.claim().execution().value(),
                        outcome.claimed().workflow().name(),
                        outcome.claim().taskName(),
                        attempt.ending().kind(),
                        work.at().toInstant()));
        attempt.ending().in(new Outcome.Suspended.Cases() {
            @Override
            public void sleeps(Outcome.Sleeps ending) {
                work.effects().due(ending.dueAt());
            }

            @Override
            public void listens(Outcome.Listens ending) {
                listen(work, outcome.claim().execution(), ending);
            }

            @Override
            public void delegates(Outcome.Delegates ending) {
                delegate(work, ending.child(), isPaused);
            }

            @Override
            public void spreads(Outcome.Spreads ending) {
                spread(work, outcome, ending.elements(), isPaused);
            }
        });
    }

    private void listen(UnitOfWork work, UniversalUuid execution, Outcome.Listens listens) {
        if (listens.dueAt() != null) {
            work.effects().due(listens.dueAt());
        }
        // A sender of the signal locks this row, too, so one of the two transactions sees what the other has done.
        work.run(ExecutionStore.LOCK_UNFINISHED, new ExecutionStore.At(execution, work.at()));
        if (work.find(WaitStore.SIGNAL, new WaitStore.SignalName(execution, listens.signal()))
                .isPresent()) {
            wake(work, execution, listens.signal());
        }
    }

    /** Makes the tasks of an execution ready that wait for a signal. */
    void wake(UnitOfWork work, UniversalUuid execution, String signal) {
        work.list(WaitStore.WAKE_SIGNALLED, new WaitStore.Named(execution, signal, work.at()))
                .forEach(waiting -> parents.mayBeReady(waiting, work.effects()));
    }

    private void delegate(UnitOfWork work, PreparedExecution child, boolean isPaused) {
        submitter.submit(work, List.of(child), isPaused);
        if (isPaused) {
            control.pause(work, child.id(), "the execution that waits for it is paused");
        }
    }

    /** Stores the runs for the elements, or reopens those that did not complete when the task ran before. */
    private void spread(UnitOfWork work, Outcome outcome, List<String> elements, boolean isPaused) {
        Claimed claimed = outcome.claimed();
        TaskDefinition task = claimed.task();
        int atOnce = task.fanOut().map(FanOut::atOnce).orElse(FanOut.UNBOUNDED);
        UniversalBool paused = isPaused ? UniversalBool.TRUE : UniversalBool.FALSE;
        List<ElementStore.Known> known =
                work.list(ElementStore.OF_TASK, claimed.claim().task());
        work.effects().ready(claimed.workflow(), claimed.priority());
        if (!known.isEmpty()) {
            reopen(work, outcome, task, known, atOnce, paused);
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
                    paused,
                    task.retry().maxAttempts(),
                    limitKeys,
                    work.at()));
        }
        work.batch(ElementStore.INSERT, rows);
    }

    private void reopen(
            UnitOfWork work,
            Outcome outcome,
            TaskDefinition task,
            List<ElementStore.Known> known,
            int atOnce,
            UniversalBool paused) {
        List<ElementStore.Again> again = new ArrayList<>();
        for (ElementStore.Known each : known) {
            if (each.status() != TaskStatus.COMPLETED) {
                again.add(new ElementStore.Again(
                        each.id(),
                        again.size() < atOnce ? TaskStatus.READY : TaskStatus.NOT_STARTED,
                        paused,
                        each.attempt() + task.retry().maxAttempts(),
                        work.at()));
            }
        }
        work.batch(ElementStore.REOPEN, again);
        int completed = known.size() - again.size();
        if (completed > 0) {
            parents.ended(work, outcome.claim().task(), completed);
        }
    }
}
