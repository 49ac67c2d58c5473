package io.cloacina.engine.internal.write;

import io.cloacina.api.AttemptOutcome;
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
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
        Endings endings = Endings.of(outcomes);
        List<Planner.Done> done = new ArrayList<>();
        complete(work, endings.completed(), done);
        fail(work, endings.failed(), done);
        skip(work, endings.skipped(), done);
        retry(work, endings.retried());
        release(work, endings.released());
        suspender.suspend(work, endings.suspended()).forEach(lost -> suspensionLost(work, lost));
        failExecutions(work, endings.orphaned());
        List<Planner.Done> ofElements = new ArrayList<>();
        List<Planner.Done> others = new ArrayList<>(done.size());
        for (Planner.Done each : done) {
            (each.element() == null ? others : ofElements).add(each);
        }
        planner.advance(work, others);
        parents.elementsEnded(work, ofElements);
        for (Outcome outcome : outcomes) {
            if (outcome.claimed().workflow().isBounded()) {
                // The limits may have room for another task.
                work.effects().ready(outcome.claimed().workflow(), ClaimableWorkflows.SUSPICION);
            }
        }
    }

    private void complete(UnitOfWork work, List<Outcome> outcomes, List<Planner.Done> done) {
        List<Outcome> valid = work.expectsClaims() && outcomes.size() < FEW
                ? expected(work, outcomes)
                : withValidClaim(
                        work,
                        TaskStore.COMPLETE,
                        outcomes,
                        UnaryOperator.identity(),
                        Committer::completion,
                        Committer::completionLost);
        List<ContextStore.NewContext> contexts = new ArrayList<>();
        List<ContextStore.NewOutput> outputs = new ArrayList<>();
        for (Outcome outcome : valid) {
            String patch = outcome.patch();
            if (patch != null) {
                UniversalUuid context = UniversalUuid.v7();
                contexts.add(new ContextStore.NewContext(context, patch, work.at()));
                outputs.add(new ContextStore.NewOutput(UniversalUuid.v7(), outcome.claim(), context, work.at()));
            }
            done.add(done(outcome, TaskStatus.COMPLETED));
            if (work.effects().hasListeners()) {
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
        Continuations.ask(work, valid);
        if (!contexts.isEmpty()) {
            work.defer(ContextStore.INSERT, contexts);
            work.defer(ContextStore.INSERT_OUTPUT, outputs);
        }
    }

    private static void fail(UnitOfWork work, List<Endings.Of<Outcome.Failed>> failures, List<Planner.Done> done) {
        List<Endings.Of<Outcome.Failed>> valid = withValidClaim(
                work,
                TaskStore.FAIL,
                failures,
                (failed, now) -> new TaskStore.Failure(
                        failed.outcome().claim(), failed.ending().error(), now));
        AttemptLog.ended(work, valid, failed -> AttemptLog.how(failed.cause()), Outcome.Failed::error);
        for (Endings.Of<Outcome.Failed> failed : valid) {
            Outcome outcome = failed.outcome();
            done.add(done(outcome, TaskStatus.FAILED));
            work.effects()
                    .event(new EngineEvent.TaskFailed(
                            outcome.claim().execution().value(),
                            outcome.claimed().workflow().name(),
                            outcome.claim().taskName(),
                            outcome.claim().run(),
                            outcome.claimed().run(),
                            failed.ending().cause(),
                            work.at().toInstant()));
        }
    }

    private static void skip(UnitOfWork work, List<Endings.Of<Outcome.Skipped>> skips, List<Planner.Done> done) {
        List<Endings.Of<Outcome.Skipped>> valid = withValidClaim(
                work,
                TaskStore.SKIP,
                skips,
                (skipped, now) -> new TaskStore.Skip(
                        skipped.outcome().claim(), skipped.ending().reason(), now));
        for (Endings.Of<Outcome.Skipped> skipped : valid) {
            Outcome outcome = skipped.outcome();
            done.add(done(outcome, TaskStatus.SKIPPED));
            work.effects()
                    .event(new EngineEvent.TaskSkipped(
                            outcome.claim().execution().value(),
                            outcome.claimed().workflow().name(),
                            outcome.claim().taskName(),
                            skipped.ending().reason(),
                            work.at().toInstant()));
        }
    }

    /** Fails the executions of tasks that the definition does not have: what follows such a task is unknown. */
    private void failExecutions(UnitOfWork work, List<Endings.Of<Outcome.Orphaned>> orphans) {
        List<Endings.Of<Outcome.Orphaned>> valid = withValidClaim(
                work,
                TaskStore.FAIL,
                orphans,
                (orphan, now) -> new TaskStore.Failure(
                        orphan.outcome().claim(), orphan.ending().error(), now));
        AttemptLog.ended(work, valid, orphan -> AttemptOutcome.FAILED, Outcome.Orphaned::error);
        for (Endings.Of<Outcome.Orphaned> orphan : valid) {
            control.fail(
                    work,
                    orphan.outcome().claim().execution(),
                    orphan.ending().error(),
                    orphan.outcome().claimed().workflow().name());
        }
    }

    private static void retry(UnitOfWork work, List<Endings.Of<Outcome.Retried>> retries) {
        List<Endings.Of<Outcome.Retried>> valid = withValidClaim(work, TaskStore.RETRY, retries, Committer::again);
        AttemptLog.ended(work, valid, retried -> AttemptLog.how(retried.cause()), Outcome.Retried::error);
        for (Endings.Of<Outcome.Retried> retried : valid) {
            Outcome outcome = retried.outcome();
            UniversalTimestamp dueAt = retried.ending().dueAt();
            if (dueAt == null) {
                work.effects()
                        .ready(outcome.claimed().workflow(), outcome.claimed().priority());
            } else {
                work.effects().due(dueAt);
            }
            work.effects()
                    .event(new EngineEvent.TaskRetried(
                            outcome.claim().execution().value(),
                            outcome.claimed().workflow().name(),
                            outcome.claim().taskName(),
                            outcome.claim().run(),
                            outcome.claimed().run(),
                            retried.ending().cause(),
                            work.at().toInstant()));
        }
    }

    private static void release(UnitOfWork work, List<Endings.Of<Outcome.Released>> releases) {
        List<Endings.Of<Outcome.Released>> valid = withValidClaim(
                work,
                TaskStore.RELEASE,
                releases,
                (released, now) -> new TaskStore.GiveBack(released.outcome().claim(), now));
        AttemptLog.ended(work, valid, released -> AttemptOutcome.INTERRUPTED, Outcome.Released::why);
        for (Endings.Of<Outcome.Released> released : valid) {
            Claimed claimed = released.outcome().claimed();
            work.effects().ready(claimed.workflow(), claimed.priority());
        }
    }

    private static Planner.Done done(Outcome outcome, TaskStatus status) {
        TaskDefinition task = outcome.claimed().task();
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

    private static TaskStore.Retry again(Endings.Of<Outcome.Retried> retried, UniversalTimestamp at) {
        Outcome.Retried ending = retried.ending();
        Claimed claimed = retried.outcome().claimed();
        return new TaskStore.Retry(claimed.claim(), ending.error(), ending.dueAt(), waited(claimed), at);
    }

    /** What the attempt has waited for before its body, so that the retry does not wait for it again. */
    private static @Nullable WaitKind waited(Claimed claimed) {
        Wait wait = claimed.task().waitsFor().orElse(null);
        if (wait == null || claimed.stage().waited() == null) {
            return null;
        }
        return wait instanceof Wait.Signal ? WaitKind.SIGNAL : WaitKind.TIME;
    }

    /** Completes the tasks of outcomes whose claims are believed to be valid, without waiting for the answer. */
    private static List<Outcome> expected(UnitOfWork work, List<Outcome> outcomes) {
        if (!outcomes.isEmpty()) {
            work.expect(TaskStore.COMPLETE, arguments(work, outcomes, Committer::completion));
            outcomes.forEach(work.effects()::recorded);
        }
        return outcomes;
    }

    /** Runs a guarded change for each end of an attempt; returns those whose claim was still valid. */
    private static <E extends Outcome.Ending, P> List<Endings.Of<E>> withValidClaim(
            UnitOfWork work,
            Command<P> change,
            List<Endings.Of<E>> ends,
            BiFunction<Endings.Of<E>, UniversalTimestamp, P> argument) {
        return withValidClaim(
                work, change, ends, Endings.Of::outcome, argument, (same, lost) -> tellLost(lost.claim()));
    }

    /** The same, {@code lost}: what follows if the claim was not valid. */
    private static <T, P> List<T> withValidClaim(
            UnitOfWork work,
            Command<P> change,
            List<T> ends,
            Function<T, Outcome> outcome,
            BiFunction<T, UniversalTimestamp, P> argument,
            BiConsumer<UnitOfWork, Outcome> lost) {
        if (ends.isEmpty()) {
            return ends;
        }
        int[] counts = work.batch(change, arguments(work, ends, argument));
        List<T> valid = new ArrayList<>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            T end = ends.get(i);
            if (counts[i] == 1) {
                valid.add(end);
                work.effects().recorded(outcome.apply(end));
            } else {
                lost.accept(work, outcome.apply(end));
            }
        }
        return valid;
    }

    private static <T, P> List<P> arguments(
            UnitOfWork work, List<T> ends, BiFunction<T, UniversalTimestamp, P> argument) {
        List<P> arguments = new ArrayList<>(ends.size());
        for (T end : ends) {
            arguments.add(argument.apply(end, work.at()));
        }
        return arguments;
    }

    /**
     * The claim of a completed task is lost: another runner has the task, or an earlier commit succeeded although its
     * answer was lost. In that case its consequences were stored as well.
     */
    private static void completionLost(UnitOfWork work, Outcome outcome) {
        Claim claim = outcome.claim();
        if (work.find(TaskStore.WAS_COMPLETED, claim).orElse(false)) {
            // The consequences of that commit are not known here any more, so workflow and execution are looked at
            // again.
            work.effects().ready(outcome.claimed().workflow(), Submission.MAX_PRIORITY);
            work.effects().ended(claim.execution());
        } else {
            tellLost(claim);
        }
    }

    /** The same for a task that waits now: this, too, may have been stored by a commit whose answer was lost. */
    private static void suspensionLost(UnitOfWork work, Endings.Of<Outcome.Suspended> lost) {
        work.effects().ready(lost.outcome().claimed().workflow(), ClaimableWorkflows.SUSPICION);
        UniversalTimestamp dueAt = lost.ending().dueAt();
        if (dueAt != null) {
            work.effects().due(dueAt);
        }
        tellLost(lost.outcome().claim());
    }

    private static void tellLost(Claim claim) {
        LOG.info(
                "task '{}' of execution {}: attempt {} no longer belongs to this runner (it was cancelled, or"
                        + " recovered by another runner); its result is discarded",
                claim.taskName(),
                claim.execution(),
                claim.run());
    }
}
