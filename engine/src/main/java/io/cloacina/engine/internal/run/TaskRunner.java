package io.cloacina.engine.internal.run;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.write.AttemptContext;
import io.cloacina.engine.internal.write.ContextLoader;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.TransientRetry;
import io.cloacina.engine.internal.write.Unwritable;
import io.cloacina.engine.model.ElementsFailedException;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.engine.model.TaskTimeoutException;
import io.cloacina.engine.model.TransactionLostException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step three of a task's path: loads what a task sees, runs its body, and returns how that ended. */
public final class TaskRunner {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

    /**
     * How long a task waits whose payload cannot be decoded here: another process may have the key, or this one after a
     * restart.
     */
    private static final Duration UNTIL_DECODED = Duration.ofMinutes(1);

    private final ContextLoader contexts;
    private final TaskPhases phases;
    private final Interceptors interceptors;
    private final TransientRetry transientRetry;
    private final Timer timer;
    private final Clock clock;
    private final BiConsumer<Claimed, Instant> announce;
    private final BodyMdc mdc = new BodyMdc();

    /** {@code announce}: is called when a body is about to run. */
    public TaskRunner(
            ContextLoader contexts,
            TaskPhases phases,
            Interceptors interceptors,
            TransientRetry transientRetry,
            Timer timer,
            Clock clock,
            BiConsumer<Claimed, Instant> announce) {
        this.contexts = contexts;
        this.phases = phases;
        this.interceptors = interceptors;
        this.transientRetry = transientRetry;
        this.timer = timer;
        this.clock = clock;
        this.announce = announce;
    }

    /** Runs one attempt. No transaction is open meanwhile. */
    public Outcome run(Attempt attempt) {
        Claimed claimed = attempt.claimed();
        TaskDefinition task = claimed.task();
        try {
            AttemptContext context = context(claimed, task);
            Optional<Outcome> before = phases.beforeBody(claimed, task, context);
            return before.isPresent() ? before.get() : ended(attempt, context, runBody(attempt, task, context, null));
        } catch (PayloadUnreadableException e) {
            return unread(claimed, e);
        } catch (
                Throwable e) { // the edge of user code: whatever was stored or thrown fails the attempt, not the runner
            return failed(attempt, task, e);
        } finally {
            attempt.unlimit();
        }
    }

    /** As {@link TaskPhases#beforeBody}, for a transactional task. */
    Optional<Outcome> beforeBody(Attempt attempt, TaskDefinition task) {
        Claimed claimed = attempt.claimed();
        if (task.waitsFor().isEmpty() && task.fanOut().isEmpty()) {
            return Optional.empty();
        }
        try {
            return phases.beforeBody(claimed, task, context(claimed, task));
        } catch (PayloadUnreadableException e) {
            return Optional.of(unread(claimed, e));
        } catch (Throwable e) { // the edge of user code, as above
            return Optional.of(failed(attempt, task, e));
        }
    }

    /**
     * Runs one attempt inside the transaction of its commit.
     *
     * @throws BodyFailure with how the attempt ended, so that the transaction is rolled back
     */
    public Outcome runWithin(WriteTransaction transaction, Attempt attempt, TaskDefinition task) {
        Claimed claimed = attempt.claimed();
        attempt.within(transaction);
        Throwable error;
        AttemptContext context;
        try {
            context = phases.context(
                    claimed,
                    new ContextSnapshot(
                            contexts.load(transaction, claimed.claim().execution(), claimed.workflow(), task), 0),
                    transaction.connection());
            phases.receive(transaction, claimed, task, context);
            error = runBody(attempt, task, context, transaction);
        } catch (DatabaseException e) {
            throw e;
        } catch (PayloadUnreadableException e) {
            throw new BodyFailure(unread(claimed, e));
        } catch (Throwable e) { // the edge of user code, as above
            throw new BodyFailure(failed(attempt, task, e));
        }
        // That the transaction lost against another, or its connection broke, is not a failure of the body: the
        // transaction and the body are retried.
        DatabaseException lost =
                error == null ? null : transaction.lostBy(error).orElse(null);
        if (lost != null) {
            throw lost;
        }
        Outcome outcome = ended(attempt, context, error == null ? null : unlessItEnded(transaction, error));
        if (!(outcome.ending() instanceof Outcome.Completed)) {
            throw new BodyFailure(outcome);
        }
        return outcome;
    }

    /** If a body ended its transaction itself, this error replaces what it threw then, because what it wrote may be stored. */
    private static Throwable unlessItEnded(WriteTransaction transaction, Throwable error) {
        try {
            transaction.recall(Duration.ZERO);
        } catch (DatabaseException e) { // any other kind: the transaction has failed, and is rolled back anyway
            if (e.kind() == ErrorKind.TRANSACTION_ENDED) {
                e.addSuppressed(error);
                return e;
            }
        }
        return error;
    }

    /** The body of a transactional task did not complete: how it ended is recorded in another transaction. */
    public static final class BodyFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        BodyFailure(Outcome outcome) {
            super("the body did not complete", null, false, false);
            this.outcome = outcome;
        }

        public Outcome outcome() {
            return outcome;
        }
    }

    private AttemptContext context(Claimed claimed, TaskDefinition task) {
        return phases.context(claimed, base(claimed, task), null);
    }

    private ContextSnapshot base(Claimed claimed, TaskDefinition task) {
        ContextSnapshot given = claimed.snapshot();
        if (given != null) {
            return given;
        }
        String input = claimed.input();
        if (input != null) {
            return new ContextSnapshot(
                    JsonContext.parse(input, "execution " + claimed.claim().execution()), input.length());
        }
        return transientRetry.keepTrying(
                "loading the context of task '" + task.name() + "'", () -> contexts.load(claimed, task));
    }

    /** What the body threw, null if it returned. */
    private @Nullable Throwable runBody(
            Attempt attempt, TaskDefinition task, AttemptContext context, @Nullable WriteTransaction transaction) {
        if (!attempt.begin()) {
            return new InterruptedException("interrupted before it began");
        }
        announce.accept(attempt.claimed(), clock.instant());
        task.timeout()
                .ifPresent(longest -> attempt.limit(() ->
                        timer.unlessCancelledAfter(longest, () -> attempt.interrupt(Attempt.Interruption.TIMEOUT))));
        Map<String, String> mdcBefore = mdc.enter(context);
        try {
            Workflow workflow = attempt.claimed().workflow();
            if (interceptors.isEmpty()) {
                workflow.run(() -> task.body().run(context));
            } else {
                interceptors.run(context, workflow, task.body(), () -> carried(attempt.claim(), transaction));
            }
            return null;
        } catch (Throwable e) { // the edge of user code: whatever it throws fails the attempt, not the runner
            return e;
        } finally {
            attempt.end();
            context.end();
            mdc.leave(mdcBefore);
        }
    }

    /** What the execution carries; for a transactional task, read within its transaction. */
    private ExecutionStore.Carried carried(Claim claim, @Nullable WriteTransaction transaction) {
        return transaction == null
                ? transientRetry.keepTrying(
                        "loading what execution " + claim.execution() + " carries",
                        () -> contexts.carried(claim.execution()))
                : transaction.find(ExecutionStore.CARRIED, claim.execution()).orElseThrow();
    }

    private Outcome ended(Attempt attempt, AttemptContext context, @Nullable Throwable error) {
        Claimed claimed = attempt.claimed();
        TaskDefinition task = claimed.task();
        if (error != null || attempt.interruption() == Attempt.Interruption.TIMEOUT) {
            return unfinished(attempt, task, error);
        }
        // A body that returned although it was interrupted has done its work.
        return phases.afterBody(claimed, task, context);
    }

    /**
     * The end of an attempt whose body did not complete, or whose transaction was lost for good. A timeout replaces other
     * errors.
     */
    public Outcome unfinished(Attempt attempt, TaskDefinition task, @Nullable Throwable error) {
        if (error != null && attempt.interruption() != Attempt.Interruption.TIMEOUT) {
            return failed(attempt, task, error);
        }
        TaskTimeoutException late = new TaskTimeoutException(
                task.name(), attempt.claim().run(), task.timeout().orElse(Duration.ZERO));
        if (error != null) {
            late.addSuppressed(error);
        }
        return failed(attempt, task, late);
    }

    /**
     * What is recorded instead of an end that cannot be stored, for a reason that lies in this end itself; empty if nothing can
     * be.
     */
    public Optional<Outcome> instead(Attempt attempt, Outcome end, Throwable error) {
        if (end.ending() instanceof Outcome.Completed || end.ending() instanceof Outcome.Suspended) {
            boolean isLost = error instanceof DatabaseException e && e.kind().isRetryable();
            Throwable why = isLost
                    ? new TransactionLostException(
                            end.claim().taskName(), end.claim().run(), (DatabaseException) error)
                    : error;
            return Optional.of(failed(attempt, attempt.claimed().task(), why));
        }
        boolean isOfRow = error instanceof DatabaseException;
        if (isOfRow || !(end.ending() instanceof Outcome.Failed || end.ending() instanceof Outcome.Retried)) {
            return Optional.empty();
        }
        String text = "the next step after its failure cannot be determined: " + ErrorText.of(error);
        return Optional.of(new Outcome(end.claimed(), new Outcome.Orphaned(ErrorText.storable(text)), null));
    }

    /**
     * The end of a failed attempt: retried if its policy allows that, otherwise failed. An attempt that was interrupted by
     * closing or by the loss of its claim has not failed and is released.
     */
    public Outcome failed(Attempt attempt, TaskDefinition task, Throwable error) {
        Claimed claimed = attempt.claimed();
        Attempt.Interruption why = attempt.interruption();
        Throwable of = error instanceof TransactionLostException lost ? lost.getCause() : error;
        boolean isClosed = of instanceof DatabaseException e
                && (e.kind() == ErrorKind.CLOSED || e.kind().isRetryable() || Unwritable.isNow(e))
                && transientRetry.isOver();
        if (why == Attempt.Interruption.CLOSING || why == Attempt.Interruption.LOST || isClosed) {
            return new Outcome(claimed, new Outcome.Released(), null);
        }
        Claim claim = claimed.claim();
        LOG.debug("task '{}' of execution {} failed", claim.taskName(), claim.execution(), error);
        RetryPolicy policy = task.retry();
        boolean isTriedAgain = !(error instanceof ElementsFailedException)
                && !(error instanceof DatabaseException e && e.kind() == ErrorKind.TRANSACTION_ENDED)
                && claim.attempt() < claim.maxAttempts()
                && policy.retries(error);
        // After the policy was asked: if its condition threw, that is part of the error.
        String text = ErrorText.of(error);
        if (!isTriedAgain) {
            return new Outcome(claimed, new Outcome.Failed(text, error), null);
        }
        Duration delay = policy.delay(
                claim.failures(policy.maxAttempts()),
                ThreadLocalRandom.current().nextDouble());
        UniversalTimestamp due =
                delay.isZero() ? null : UniversalTimestamp.now(clock).saturatedPlus(delay);
        return new Outcome(claimed, new Outcome.Retried(text, error, due), null);
    }

    /** What the task needs cannot be decoded here: it has not failed, and is retried until a process has the key. */
    private Outcome unread(Claimed claimed, PayloadUnreadableException error) {
        UniversalTimestamp due = UniversalTimestamp.now(clock).saturatedPlus(UNTIL_DECODED);
        return new Outcome(claimed, new Outcome.Retried(ErrorText.of(error), error, due), null);
    }

    /** The end of an attempt that cannot run, because the definition does not have the task any more. */
    static Outcome orphaned(Claimed claimed) {
        String error = "workflow " + claimed.workflow() + " has no task '"
                + claimed.claim().taskName()
                + "': its tasks were changed and its version was not; give a changed workflow another version";
        return new Outcome(claimed, new Outcome.Orphaned(error), null);
    }
}
