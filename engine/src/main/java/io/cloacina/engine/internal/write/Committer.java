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
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step four of the walk: records how attempts ended, each only if its claim still holds, and has the planner go on. */
public final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private final Planner planner;
    private final ParentNotifier parents;
    private final Suspender suspender;
    private final ExecutionControl control;
    private final Clock clock;

    Committer(Planner planner, ParentNotifier parents, Suspender suspender, ExecutionControl control, Clock clock) {
        this.planner = planner;
        this.parents = parents;
        this.suspender = suspender;
        this.control = control;
        this.clock = clock;
    }

    public void finish(WriteTransaction transaction, List<Outcome> outcomes, CommitEffects effects) {
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        List<Planner.Done> done = new ArrayList<>();
        complete(transaction, of(outcomes, Outcome.Completed.class), at, done, effects);
        fail(transaction, of(outcomes, Outcome.Failed.class), at, done, effects);
        skip(transaction, of(outcomes, Outcome.Skipped.class), at, done, effects);
        retry(transaction, of(outcomes, Outcome.Retried.class), at, effects);
        release(transaction, of(outcomes, Outcome.Released.class), at, effects);
        suspender
                .suspend(transaction, of(outcomes, Outcome.Suspended.class), at, effects)
                .forEach(outcome -> lost(transaction, outcome, effects));
        failExecutions(transaction, of(outcomes, Outcome.Orphaned.class), at, effects);
        Map<Boolean, List<Planner.Done>> ofElements =
                done.stream().collect(Collectors.partitioningBy(each -> each.element() != null));
        planner.advance(transaction, ofElements.getOrDefault(false, List.of()), at, effects);
        parents.elementsEnded(transaction, ofElements.getOrDefault(true, List.of()), at, effects);
        for (Outcome outcome : outcomes) {
            if (outcome.claimed().workflow().isBounded()) {
                // There may be room for another one.
                effects.ready(outcome.claimed().workflow(), ClaimableWorkflows.SUSPICION);
            }
        }
    }

    private void complete(
            WriteTransaction transaction,
            List<Outcome> outcomes,
            UniversalTimestamp at,
            List<Planner.Done> done,
            CommitEffects effects) {
        List<Outcome> held = withValidClaim(
                transaction,
                TaskStore.COMPLETE,
                outcomes,
                (outcome, now) -> new TaskStore.Completion(outcome.claim(), now),
                at,
                effects);
        List<ContextStore.NewContext> contexts = new ArrayList<>();
        List<ContextStore.NewOutput> outputs = new ArrayList<>();
        for (Outcome outcome : held) {
            String patch = ((Outcome.Completed) outcome.ending()).patch();
            if (patch != null) {
                UniversalUuid context = UniversalUuid.v7();
                contexts.add(new ContextStore.NewContext(context, patch, at));
                outputs.add(new ContextStore.NewOutput(UniversalUuid.v7(), outcome.claim(), context, at));
            }
            done.add(done(outcome, TaskStatus.COMPLETED));
            if (effects.isHeard()) {
                effects.event(new EngineEvent.TaskCompleted(
                        outcome.claim().execution().value(),
                        outcome.claimed().workflow().name(),
                        outcome.claim().taskName(),
                        outcome.claim().run(),
                        outcome.claimed().run(),
                        at.toInstant()));
            }
        }
        Continuations.ask(transaction, held, at);
        if (!contexts.isEmpty()) {
            transaction.batch(ContextStore.INSERT, contexts);
            transaction.batch(ContextStore.INSERT_OUTPUT, outputs);
        }
    }

    private static void fail(
            WriteTransaction transaction,
            List<Outcome> outcomes,
            UniversalTimestamp at,
            List<Planner.Done> done,
            CommitEffects effects) {
        List<Outcome> held = withValidClaim(transaction, TaskStore.FAIL, outcomes, Committer::failure, at, effects);
        AttemptLog.ended(transaction, held, at);
        for (Outcome outcome : held) {
            Outcome.Failed failed = (Outcome.Failed) outcome.ending();
            done.add(done(outcome, TaskStatus.FAILED));
            effects.event(new EngineEvent.TaskFailed(
                    outcome.claim().execution().value(),
                    outcome.claimed().workflow().name(),
                    outcome.claim().taskName(),
                    outcome.claim().run(),
                    outcome.claimed().run(),
                    failed.cause(),
                    at.toInstant()));
        }
    }

    private static void skip(
            WriteTransaction transaction,
            List<Outcome> outcomes,
            UniversalTimestamp at,
            List<Planner.Done> done,
            CommitEffects effects) {
        for (Outcome outcome : withValidClaim(transaction, TaskStore.SKIP, outcomes, Committer::skipped, at, effects)) {
            done.add(done(outcome, TaskStatus.SKIPPED));
            effects.event(new EngineEvent.TaskSkipped(
                    outcome.claim().execution().value(),
                    outcome.claimed().workflow().name(),
                    outcome.claim().taskName(),
                    ((Outcome.Skipped) outcome.ending()).reason(),
                    at.toInstant()));
        }
    }

    /** The definition cannot say what follows, so nothing does. */
    private void failExecutions(
            WriteTransaction transaction, List<Outcome> orphans, UniversalTimestamp at, CommitEffects effects) {
        List<Outcome> held = withValidClaim(transaction, TaskStore.FAIL, orphans, Committer::orphaned, at, effects);
        AttemptLog.ended(transaction, held, at);
        for (Outcome orphan : held) {
            control.fail(
                    transaction,
                    orphan.claim().execution(),
                    ((Outcome.Orphaned) orphan.ending()).error(),
                    orphan.claimed().workflow().name(),
                    at,
                    effects);
        }
    }

    private static void retry(
            WriteTransaction transaction, List<Outcome> outcomes, UniversalTimestamp at, CommitEffects effects) {
        List<Outcome> held = withValidClaim(transaction, TaskStore.RETRY, outcomes, Committer::again, at, effects);
        AttemptLog.ended(transaction, held, at);
        for (Outcome outcome : held) {
            Outcome.Retried retried = (Outcome.Retried) outcome.ending();
            if (retried.dueAt() == null) {
                effects.ready(outcome.claimed().workflow(), outcome.claimed().priority());
            } else {
                effects.due(retried.dueAt());
            }
            effects.event(new EngineEvent.TaskRetried(
                    outcome.claim().execution().value(),
                    outcome.claimed().workflow().name(),
                    outcome.claim().taskName(),
                    outcome.claim().run(),
                    outcome.claimed().run(),
                    retried.cause(),
                    at.toInstant()));
        }
    }

    private static void release(
            WriteTransaction transaction, List<Outcome> outcomes, UniversalTimestamp at, CommitEffects effects) {
        List<Outcome> held = withValidClaim(
                transaction,
                TaskStore.RELEASE,
                outcomes,
                (outcome, now) -> new TaskStore.GiveBack(outcome.claim(), now),
                at,
                effects);
        AttemptLog.ended(transaction, held, at);
        held.forEach(outcome ->
                effects.ready(outcome.claimed().workflow(), outcome.claimed().priority()));
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

    /** A wait before the body is not waited once more. */
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

    /** Runs a guarded change for each; those whose claim holds. */
    private static <P> List<Outcome> withValidClaim(
            WriteTransaction transaction,
            Command<P> change,
            List<Outcome> outcomes,
            BiFunction<Outcome, UniversalTimestamp, P> argument,
            UniversalTimestamp at,
            CommitEffects effects) {
        if (outcomes.isEmpty()) {
            return outcomes;
        }
        int[] counts = transaction.batch(
                change,
                outcomes.stream().map(outcome -> argument.apply(outcome, at)).toList());
        List<Outcome> held = new ArrayList<>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                held.add(outcomes.get(i));
                effects.recorded(outcomes.get(i));
            } else {
                lost(transaction, outcomes.get(i), effects);
            }
        }
        return held;
    }

    /** Another runner has the task, or a commit whose answer was lost had arrived: then all of it had. */
    private static void lost(WriteTransaction transaction, Outcome outcome, CommitEffects effects) {
        Claim claim = outcome.claim();
        if (outcome.ending() instanceof Outcome.Completed
                && transaction.find(TaskStore.WAS_COMPLETED, claim).orElse(false)) {
            // What followed is not known here any more: let everyone look.
            effects.ready(outcome.claimed().workflow(), Submission.MAX_PRIORITY);
            effects.ended(claim.execution());
            return;
        }
        if (outcome.ending() instanceof Outcome.Suspended suspended) {
            // It too may have arrived.
            effects.ready(outcome.claimed().workflow(), ClaimableWorkflows.SUSPICION);
            if (suspended.dueAt() != null) {
                effects.due(suspended.dueAt());
            }
        }
        LOG.info(
                "task '{}' of execution {}: attempt {} is not this runner's any more (it was cancelled, or recovered by"
                        + " another runner); its result is dropped",
                claim.taskName(),
                claim.execution(),
                claim.run());
    }
}
