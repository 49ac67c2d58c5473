package io.cloacina.engine.write;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.Wait;
import io.cloacina.engine.claim.Claim;
import io.cloacina.engine.claim.ClaimableWorkflows;
import io.cloacina.engine.claim.Claimed;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.store.ContextStore;
import io.cloacina.engine.store.TaskStore;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.tables.TaskStatus;
import io.cloacina.schema.tables.WaitKind;
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
    private final ExecutionControl interventions;
    private final Clock clock;

    Committer(Planner planner, ParentNotifier parents, Suspender suspender, ExecutionControl interventions, Clock clock) {
        this.planner = planner;
        this.parents = parents;
        this.suspender = suspender;
        this.interventions = interventions;
        this.clock = clock;
    }

    public void finish(WriteTransaction transaction, List<Outcome> finishes, CommitEffects effects) {
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        List<Planner.Done> done = new ArrayList<>();
        complete(transaction, of(finishes, Outcome.Completed.class), at, done, effects);
        fail(transaction, of(finishes, Outcome.Failed.class), at, done, effects);
        skip(transaction, of(finishes, Outcome.Skipped.class), at, done, effects);
        retry(transaction, of(finishes, Outcome.Retried.class), at, effects);
        release(transaction, of(finishes, Outcome.Released.class), at, effects);
        suspender
                .suspend(transaction, of(finishes, Outcome.Suspended.class), at, effects)
                .forEach(finish -> lost(transaction, finish, effects));
        failExecutions(transaction, of(finishes, Outcome.Orphaned.class), at, effects);
        Map<Boolean, List<Planner.Done>> ofElements =
                done.stream().collect(Collectors.partitioningBy(each -> each.element() != null));
        planner.advance(transaction, ofElements.getOrDefault(false, List.of()), at, effects);
        parents.elementsEnded(transaction, ofElements.getOrDefault(true, List.of()), at, effects);
        for (Outcome finish : finishes) {
            if (finish.claimed().workflow().isBounded()) {
                // There may be room for another one.
                effects.ready(finish.claimed().workflow(), ClaimableWorkflows.SUSPICION);
            }
        }
    }

    private void complete(
            WriteTransaction transaction,
            List<Outcome> finishes,
            UniversalTimestamp at,
            List<Planner.Done> done,
            CommitEffects effects) {
        List<Outcome> held = held(
                transaction,
                TaskStore.COMPLETE,
                finishes,
                (finish, now) -> new TaskStore.Completion(finish.claim(), now),
                at,
                effects);
        List<ContextStore.NewContext> contexts = new ArrayList<>();
        List<ContextStore.NewOutput> outputs = new ArrayList<>();
        for (Outcome finish : held) {
            String patch = ((Outcome.Completed) finish.ending()).patch();
            if (patch != null) {
                UniversalUuid context = UniversalUuid.v7();
                contexts.add(new ContextStore.NewContext(context, patch, at));
                outputs.add(new ContextStore.NewOutput(UniversalUuid.v7(), finish.claim(), context, at));
            }
            done.add(done(finish, TaskStatus.COMPLETED));
            effects.event(new EngineEvent.TaskCompleted(
                    finish.claim().execution().value(),
                    finish.claimed().workflow().name(),
                    finish.claim().taskName(),
                    finish.claim().attempt()));
        }
        if (!contexts.isEmpty()) {
            transaction.batch(ContextStore.INSERT, contexts);
            transaction.batch(ContextStore.INSERT_OUTPUT, outputs);
        }
    }

    private static void fail(
            WriteTransaction transaction,
            List<Outcome> finishes,
            UniversalTimestamp at,
            List<Planner.Done> done,
            CommitEffects effects) {
        for (Outcome finish : held(transaction, TaskStore.FAIL, finishes, Committer::failure, at, effects)) {
            Outcome.Failed failed = (Outcome.Failed) finish.ending();
            done.add(done(finish, TaskStatus.FAILED));
            effects.event(new EngineEvent.TaskFailed(
                    finish.claim().execution().value(),
                    finish.claimed().workflow().name(),
                    finish.claim().taskName(),
                    finish.claim().attempt(),
                    failed.cause()));
        }
    }

    private static void skip(
            WriteTransaction transaction,
            List<Outcome> finishes,
            UniversalTimestamp at,
            List<Planner.Done> done,
            CommitEffects effects) {
        for (Outcome finish : held(transaction, TaskStore.SKIP, finishes, Committer::skipped, at, effects)) {
            done.add(done(finish, TaskStatus.SKIPPED));
            effects.event(new EngineEvent.TaskSkipped(
                    finish.claim().execution().value(),
                    finish.claimed().workflow().name(),
                    finish.claim().taskName(),
                    ((Outcome.Skipped) finish.ending()).reason()));
        }
    }

    /** The definition cannot say what follows, so nothing does. */
    private void failExecutions(
            WriteTransaction transaction, List<Outcome> orphans, UniversalTimestamp at, CommitEffects effects) {
        for (Outcome orphan : held(transaction, TaskStore.FAIL, orphans, Committer::orphaned, at, effects)) {
            interventions.fail(
                    transaction,
                    orphan.claim().execution(),
                    ((Outcome.Orphaned) orphan.ending()).error(),
                    orphan.claimed().workflow().name(),
                    at,
                    effects);
        }
    }

    private static void retry(
            WriteTransaction transaction, List<Outcome> finishes, UniversalTimestamp at, CommitEffects effects) {
        for (Outcome finish : held(transaction, TaskStore.RETRY, finishes, Committer::again, at, effects)) {
            Outcome.Retried retried = (Outcome.Retried) finish.ending();
            if (retried.dueAt() == null) {
                effects.ready(finish.claimed().workflow(), finish.claimed().priority());
            } else {
                effects.due(retried.dueAt());
            }
            effects.event(new EngineEvent.TaskRetried(
                    finish.claim().execution().value(),
                    finish.claimed().workflow().name(),
                    finish.claim().taskName(),
                    finish.claim().attempt(),
                    retried.cause()));
        }
    }

    private static void release(
            WriteTransaction transaction, List<Outcome> finishes, UniversalTimestamp at, CommitEffects effects) {
        held(
                        transaction,
                        TaskStore.RELEASE,
                        finishes,
                        (finish, now) -> new TaskStore.GiveBack(finish.claim(), now),
                        at,
                        effects)
                .forEach(finish -> effects.ready(
                        finish.claimed().workflow(), finish.claimed().priority()));
    }

    private static Planner.Done done(Outcome finish, TaskStatus status) {
        TaskDefinition task = Objects.requireNonNull(finish.claimed().task());
        return new Planner.Done(
                finish.claim().execution(),
                finish.claimed().workflow(),
                task,
                status,
                finish.claimed().priority() - task.priority(),
                finish.context() == null ? null : finish,
                finish.claimed().stage().element());
    }

    private static TaskStore.Skip skipped(Outcome finish, UniversalTimestamp at) {
        return new TaskStore.Skip(finish.claim(), ((Outcome.Skipped) finish.ending()).reason(), at);
    }

    private static TaskStore.Failure failure(Outcome finish, UniversalTimestamp at) {
        return new TaskStore.Failure(finish.claim(), ((Outcome.Failed) finish.ending()).error(), at);
    }

    private static TaskStore.Failure orphaned(Outcome finish, UniversalTimestamp at) {
        return new TaskStore.Failure(finish.claim(), ((Outcome.Orphaned) finish.ending()).error(), at);
    }

    private static TaskStore.Retry again(Outcome finish, UniversalTimestamp at) {
        Outcome.Retried retried = (Outcome.Retried) finish.ending();
        return new TaskStore.Retry(finish.claim(), retried.error(), retried.dueAt(), waited(finish.claimed()), at);
    }

    /** A wait before the body is not waited once more. */
    private static @Nullable WaitKind waited(Claimed claimed) {
        Wait wait = Objects.requireNonNull(claimed.task()).waitsFor().orElse(null);
        if (wait == null || claimed.stage().waited() == null) {
            return null;
        }
        return wait instanceof Wait.Signal ? WaitKind.SIGNAL : WaitKind.TIME;
    }

    private static List<Outcome> of(List<Outcome> finishes, Class<? extends Outcome.Ending> ending) {
        List<Outcome> found = new ArrayList<>();
        for (Outcome finish : finishes) {
            if (ending.isInstance(finish.ending())) {
                found.add(finish);
            }
        }
        return found;
    }

    /** Runs a guarded change for each; those whose claim holds. */
    private static <P> List<Outcome> held(
            WriteTransaction transaction,
            Command<P> change,
            List<Outcome> finishes,
            BiFunction<Outcome, UniversalTimestamp, P> argument,
            UniversalTimestamp at,
            CommitEffects effects) {
        if (finishes.isEmpty()) {
            return finishes;
        }
        int[] counts = transaction.batch(
                change,
                finishes.stream().map(finish -> argument.apply(finish, at)).toList());
        List<Outcome> held = new ArrayList<>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                held.add(finishes.get(i));
                effects.recorded(finishes.get(i));
            } else {
                lost(transaction, finishes.get(i), effects);
            }
        }
        return held;
    }

    /** Another runner has the task, or a commit whose answer was lost had arrived: then all of it had. */
    private static void lost(WriteTransaction transaction, Outcome finish, CommitEffects effects) {
        Claim claim = finish.claim();
        if (finish.ending() instanceof Outcome.Completed
                && transaction.find(TaskStore.WAS_COMPLETED, claim).orElse(false)) {
            // What followed is not known here any more: let everyone look.
            effects.ready(finish.claimed().workflow(), Submission.MAX_PRIORITY);
            effects.ended(claim.execution());
            return;
        }
        if (finish.ending() instanceof Outcome.Suspended suspended) {
            // It too may have arrived.
            effects.ready(finish.claimed().workflow(), ClaimableWorkflows.SUSPICION);
            if (suspended.dueAt() != null) {
                effects.due(suspended.dueAt());
            }
        }
        LOG.info(
                "task '{}' of execution {}: attempt {} is not this runner's any more (it was cancelled, or recovered by"
                        + " another runner); its result is dropped",
                claim.taskName(),
                claim.execution(),
                claim.attempt());
    }
}
