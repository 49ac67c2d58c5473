package io.cloacina.engine.internal.write;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.Wait;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step 4 of a task's path: records how attempts ended, each only if its claim is still valid, and calls the planner.
 */
public final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** A larger group is written faster when its claims are asked for first. */
    private static final int FEW = 16;

    private final Planner planner;
    private final ParentNotifier parents;
    private final Suspender suspender;
    private final ExecutionControl control;

    Committer(Planner planner, ParentNotifier parents, Suspender suspender, ExecutionControl control) {
        this.planner = planner;
        this.parents = parents;
        this.suspender = suspender;
        this.control = control;
    }

    public void finish(UnitOfWork work, List<Outcome> outcomes) {
        List<Planner.Done> done = new ArrayList<>();
        complete(work, of(outcomes, Outcome.Completed.class), done);
        fail(work, of(outcomes, Outcome.Failed.class), done);
        skip(work, of(outcomes, Outcome.Skipped.class), done);
        retry(work, of(outcomes, Outcome.Retried.class));
        release(work, of(outcomes, Outcome.Released.class));
        suspender.suspend(work, of(outcomes, Outcome.Suspended.class)).forEach(outcome -> lost(work, outcome));
        failExecutions(work, of(outcomes, Outcome.Orphaned.class));
        Map<Boolean, List<Planner.Done>> ofElements =
                done.stream().collect(Collectors.partitioningBy(each -> each.element() != null));
        planner.advance(work, ofElements.getOrDefault(false, List.of()));
        parents.elementsEnded(work, ofElements.getOrDefault(true, List.of()));
        for (Outcome outcome : outcomes) {
            if (outcome.claimed().workflow().isBounded()) {
                // The limits may have room for another task.
                work.effects().ready(outcome.claimed().workflow(), ClaimableWorkflows.SUSPICION);
            }
        }
    }

    private void complete(UnitOfWork work, List<Outcome> outcomes, List<Planner.Done> done) {
        List<Outcome> held = work.expectsClaims() && outcomes.size() < FEW
                ? expected(work, outcomes)
                : withValidClaim(work, TaskStore.COMPLETE, outcomes, Committer::completion);
        List<ContextStore.NewContext> contexts = new ArrayList<>();
        List<ContextStore.NewOutput> outputs = new ArrayList<>();
        for (Outcome outcome : held) {
            String patch = ((Outcome.Completed) outcome.ending()).patch();
            if (patch != null) {
                UniversalUuid context = UniversalUuid.v7();
                contexts.add(new ContextStore.NewContext(context, patch, work.at()));
                outputs.add(new ContextStore.NewOutput(UniversalUuid.v7(), outcome.claim(), context, work.at()));
            }
            done.add(done(outcome, TaskStatus.COMPLETED));
            if (work.effects().isHeard()) {
                work.effects()
                        .event(new EngineEvent.TaskCompleted(
                                outcome.claim().execution().value(),
                                outcome.claimed().workflow().name(),
                                outcome.claim().taskName(),
                                outcome.claim().run(),
                                outcome.claimed().run(),
                                work.at().toInstant()));
            }
        }
        Continuations.ask(work, held);
        if (!contexts.isEmpty()) {
            work.defer(ContextStore.INSERT, contexts);
            work.defer(ContextStore.INSERT_OUTPUT, outputs);
        }
    }

    private static void fail(UnitOfWork work, List<Outcome> outcomes, List<Planner.Done> done) {
        List<Outcome> held = withValidClaim(work, TaskStore.FAIL, outcomes, Committer::failure);
        AttemptLog.ended(work, held);
        for (Outcome outcome : held) {
            Outcome.Failed failed = (Outcome.Failed) outcome.ending();
            done.add(done(outcome, TaskStatus.FAILED));
            work.effects()
                    .event(new EngineEvent.TaskFailed(
                            outcome.claim().execution().value(),
                            outcome.claimed().workflow().name(),
                            outcome.claim().taskName(),
                            outcome.claim().run(),
                            outcome.claimed().run(),
                            failed.cause(),
                            work.at().toInstant()));
        }
    }

    private static void skip(UnitOfWork work, List<Outcome> outcomes, List<Planner.Done> done) {
        for (Outcome outcome : withValidClaim(work, TaskStore.SKIP, outcomes, Committer::skipped)) {
            done.add(done(outcome, TaskStatus.SKIPPED));
            work.effects()
                    .event(new EngineEvent.TaskSkipped(
                            outcome.claim().execution().value(),
                            outcome.claimed().workflow().name(),
                            outcome.claim().taskName(),
                            ((Outcome.Skipped) outcome.ending()).reason(),
                            work.at().toInstant()));
        }
    }

    /** Fails the executions of tasks that the definition does not have: what follows such a task is unknown. */
    private void failExecutions(UnitOfWork work, List<Outcome> orphans) {
        List<Outcome> held = withValidClaim(work, TaskStore.FAIL, orphans, Committer::orphaned);
        AttemptLog.ended(work, held);
        for (Outcome orphan : held) {
            control.fail(
                    work,
                    orphan.claim().execution(),
                    ((Outcome.Orphaned) orphan.ending()).error(),
                    orphan.claimed().workflow().name());
        }
    }

    private static void retry(UnitOfWork work, List<Outcome> outcomes) {
        List<Outcome> held = withValidClaim(work, TaskStore.RETRY, outcomes, Committer::again);
        AttemptLog.ended(work, held);
        for (Outcome outcome : held) {
            Outcome.Retried retried = (Outcome.Retried) outcome.ending();
            if (retried.dueAt() == null) {
                work.effects()
                        .ready(outcome.claimed().workflow(), outcome.claimed().priority());
            } else {
                work.effects().due(retried.dueAt());
            }
            work.effects()
                    .event(new EngineEvent.TaskRetried(
                            outcome.claim().execution().value(),
                            outcome.claimed().workflow().name(),
                            outcome.claim().taskName(),
                            outcome.claim().run(),
                            outcome.claimed().run(),
                            retried.cause(),
                            work.at().toInstant()));
        }
    }

    private static void release(UnitOfWork work, List<Outcome> outcomes) {
        List<Outcome> held = withValidClaim(
                work, TaskStore.RELEASE, outcomes, (outcome, now) -> new TaskStore.GiveBack(outcome.claim(), now));
        AttemptLog.ended(work, held);
        held.forEach(outcome -> work.effects()
                .ready(outcome.claimed().workflow(), outcome.claimed().priority()));
    }

    private static Planner.Done done(Outcome outcome, TaskStatus status) {
        TaskDefinition task = Objects.requireNonNull(outcome.claimed().task());
        return new Planner.Done(
                outcome.claim().execution(),
                outcome.claimed().workflow(),
                task,
                status,
                outcome.claimed().priority() - task.priority(),
                outcome.context() == null ? null : outcome,
                outcome.claimed().stage().element());
    }

    private static TaskStore.Completion completion(Outcome outcome, UniversalTimestamp at) {
        return new TaskStore.Completion(outcome.claim(), at);
    }

    private static TaskStore.Skip skipped(Outcome outcome, UniversalTimestamp at) {
        return new TaskStore.Skip(outcome.claim(), ((Outcome.Skipped) outcome.ending()).reason(), at);
    }

    private static TaskStore.Failure failure(Outcome outcome, UniversalTimestamp at) {
        return new TaskStore.Failure(outcome.claim(), ((Outcome.Failed) outcome.ending()).error(), at);
    }

    private static TaskStore.Failure orphaned(Outcome outcome, UniversalTimestamp at) {
        return new TaskStore.Failure(outcome.claim(), ((Outcome.Orphaned) outcome.ending()).error(), at);
    }

    private static TaskStore.Retry again(Outcome outcome, UniversalTimestamp at) {
        Outcome.Retried retried = (Outcome.Retried) outcome.ending();
        return new TaskStore.Retry(outcome.claim(), retried.error(), retried.dueAt(), waited(outcome.claimed()), at);
    }

    /** What the attempt has waited for before its body, so that the retry does not wait for it again. */
    private static @Nullable WaitKind waited(Claimed claimed) {
        Wait wait = Objects.requireNonNull(claimed.task()).waitsFor().orElse(null);
        if (wait == null || claimed.stage().waited() == null) {
            return null;
        }
        return wait instanceof Wait.Signal ? WaitKind.SIGNAL : WaitKind.TIME;
    }

    private static List<Outcome> of(List<Outcome> outcomes, Class<? extends Outcome.Ending> ending) {
        List<Outcome> found = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (ending.isInstance(outcome.ending())) {
                found.add(outcome);
            }
        }
        return found;
    }

    /** Completes the tasks of outcomes whose claims are believed to be valid, without waiting for the answer. */
    private static List<Outcome> expected(UnitOfWork work, List<Outcome> outcomes) {
        if (!outcomes.isEmpty()) {
            work.expect(TaskStore.COMPLETE, arguments(work, outcomes, Committer::completion));
            outcomes.forEach(work.effects()::recorded);
        }
        return outcomes;
    }

    /** Runs a guarded change for each outcome; returns those whose claim was still valid. */
    private static <P> List<Outcome> withValidClaim(
            UnitOfWork work,
            Command<P> change,
            List<Outcome> outcomes,
            BiFunction<Outcome, UniversalTimestamp, P> argument) {
        if (outcomes.isEmpty()) {
            return outcomes;
        }
        int[] counts = work.batch(change, arguments(work, outcomes, argument));
        List<Outcome> held = new ArrayList<>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                held.add(outcomes.get(i));
                work.effects().recorded(outcomes.get(i));
            } else {
                lost(work, outcomes.get(i));
            }
        }
        return held;
    }

    private static <P> List<P> arguments(
            UnitOfWork work, List<Outcome> outcomes, BiFunction<Outcome, UniversalTimestamp, P> argument) {
        return outcomes.stream()
                .map(outcome -> argument.apply(outcome, work.at()))
                .toList();
    }

    /**
     * The claim is lost: another runner has the task, or an earlier commit succeeded although its answer was lost. In
     * that case its consequences were stored as well.
     */
    private static void lost(UnitOfWork work, Outcome outcome) {
        Claim claim = outcome.claim();
        if (outcome.ending() instanceof Outcome.Completed
                && work.find(TaskStore.WAS_COMPLETED, claim).orElse(false)) {
            // The consequences of that commit are not known here any more, so workflow and execution are looked at
            // again.
            work.effects().ready(outcome.claimed().workflow(), Submission.MAX_PRIORITY);
            work.effects().ended(claim.execution());
            return;
        }
        if (outcome.ending() instanceof Outcome.Suspended suspended) {
            // This, too, may have been stored by a commit whose answer was lost.
            work.effects().ready(outcome.claimed().workflow(), ClaimableWorkflows.SUSPICION);
            if (suspended.dueAt() != null) {
                work.effects().due(suspended.dueAt());
            }
        }
        LOG.info(
                "task '{}' of execution {}: attempt {} no longer belongs to this runner (it was cancelled, or"
                        + " recovered by another runner); its result is discarded",
                claim.taskName(),
                claim.execution(),
                claim.run());
    }
}
