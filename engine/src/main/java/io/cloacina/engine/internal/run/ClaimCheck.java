package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.write.SharedParts;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the attempts that run here with the claims that this runner holds in the database. A claim that is held but not run
 * (its commit's answer was lost) is given back; an attempt that runs without a claim (cancelled, or recovered by others) is
 * interrupted. Used by maintenance only.
 */
public final class ClaimCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimCheck.class);
    private static final Duration SOON = Duration.ofMillis(100);

    /** Longer than the time between a commit and the actions that follow from it. */
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Dispatcher dispatcher;
    private final Workflows workflows;
    private final Supplier<List<TaskStore.ClaimedTask>> readClaims;
    private final DelayedOnce lossCheck;
    private final TimesGivenBack timesGivenBack = new TimesGivenBack();
    private Set<Claim> mismatchedBefore = Set.of();
    private boolean mayHoldUnknowingly;
    private long comparedAt = System.nanoTime() - APART_NANOS;

    /** {@code readClaims}: reads the claims that this runner holds. */
    public ClaimCheck(SharedParts parts, Dispatcher dispatcher, Supplier<List<TaskStore.ClaimedTask>> readClaims) {
        this.dispatcher = dispatcher;
        this.workflows = parts.workflows();
        this.readClaims = readClaims;
        this.lossCheck = new DelayedOnce(parts.timer(), this::interruptLost);
    }

    /** Interrupts soon the attempts whose claims this runner no longer holds. Called by any thread. */
    public void interruptLostSoon() {
        if (!dispatcher.isIdle()) {
            lossCheck.after(SOON);
        }
    }

    /**
     * An attempt's claim was committed before it ran, so a read of the claims that begins after the running attempts were listed
     * is conclusive.
     */
    private void interruptLost() {
        List<Attempt> running = List.copyOf(dispatcher.underWay());
        if (running.isEmpty()) {
            return;
        }
        Set<Claim> held = new HashSet<>();
        readClaims.get().forEach(each -> held.add(each.claim()));
        running.stream()
                .filter(attempt -> !held.contains(attempt.claim()))
                .forEach(attempt -> attempt.interrupt(Attempt.Interruption.LOST));
    }

    /**
     * Whether to compare: while attempts run, and when this runner may hold a claim without running it, from the first reason to
     * suspect that until a comparison has found none.
     */
    public boolean isNeeded() {
        return mayHoldUnknowingly || !mismatchedBefore.isEmpty() || !dispatcher.isIdle();
    }

    /** Compares if {@link #isNeeded} and the last time is long enough ago; otherwise the reason is kept. */
    public void compareIfDue(boolean lostAnswers) {
        boolean holds = dispatcher.mayHoldUnknowingly(); // asked in any case, for it is true once
        mayHoldUnknowingly = mayHoldUnknowingly || lostAnswers || holds;
        long now = System.nanoTime();
        if (!isNeeded() || now - comparedAt < APART_NANOS) {
            return;
        }
        comparedAt = now;
        mayHoldUnknowingly = true; // until a comparison has succeeded
        compare();
        mayHoldUnknowingly = false;
    }

    /**
     * Reads the claims and compares. During a claim or a finish both sides look mismatched for a moment, so only what was seen
     * twice counts.
     */
    public void compare() {
        Map<Claim, TaskStore.ClaimedTask> held = new HashMap<>();
        readClaims.get().forEach(each -> held.put(each.claim(), each));
        Set<Claim> mismatched = new HashSet<>();
        held.keySet().stream()
                .filter(claim -> dispatcher.attempt(claim) == null)
                .forEach(mismatched::add);
        dispatcher.underWay().stream()
                .map(Attempt::claim)
                .filter(claim -> !held.containsKey(claim))
                .forEach(mismatched::add);
        for (Claim claim : mismatched) {
            if (!mismatchedBefore.contains(claim)) {
                continue;
            }
            Attempt attempt = dispatcher.attempt(claim);
            TaskStore.ClaimedTask orphan = held.get(claim);
            if (attempt != null) {
                attempt.interrupt(Attempt.Interruption.LOST);
            } else if (orphan != null) {
                LOG.warn(
                        "task '{}' of execution {} has lost its thread: it may run again",
                        claim.taskName(),
                        claim.execution());
                workflows
                        .find(orphan.workflow(), orphan.version())
                        .map(orphan::claimed)
                        .ifPresent(claimed -> dispatcher.giveBack(claimed, timesGivenBack::ending));
            }
        }
        mismatchedBefore = mismatched;
    }
}
