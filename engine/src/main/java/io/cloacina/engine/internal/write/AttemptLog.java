package io.cloacina.engine.internal.write;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.store.AttemptStore;
import io.cloacina.engine.internal.store.StopStore;
import io.cloacina.engine.model.TaskAbandonedException;
import io.cloacina.engine.model.TaskTimeoutException;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores a row for each attempt that failed, was interrupted or lost its runner, in the transaction that ends the
 * attempt. For a successful attempt nothing is stored.
 */
final class AttemptLog {
    /** How many attempts of a task are kept, the newest ones. */
    static final int KEPT = 100;

    private AttemptLog() {}

    /** Stores attempts whose ends this transaction has recorded, each as its ending says. */
    static <E extends Outcome.Ending> void ended(
            UnitOfWork work,
            List<Endings.Of<E>> attempts,
            Function<E, AttemptOutcome> how,
            Function<E, @Nullable String> error) {
        if (attempts.isEmpty()) {
            return;
        }
        Map<UniversalUuid, AttemptStore.@Nullable RunnerProcess> processes = new HashMap<>();
        List<AttemptStore.EndedAttempt> ended = new ArrayList<>(attempts.size());
        for (Endings.Of<E> attempt : attempts) {
            Claim claim = attempt.outcome().claim();
            ended.add(AttemptStore.EndedAttempt.of(
                    claim,
                    how.apply(attempt.ending()),
                    process(work.transaction(), claim, processes),
                    error.apply(attempt.ending()),
                    work.at()));
        }
        store(work.transaction(), ended);
    }

    /** Stores attempts whose runner died. */
    static void died(UnitOfWork work, List<Claim> claims, AttemptStore.RunnerProcess process) {
        store(
                work.transaction(),
                claims.stream()
                        .map(claim -> AttemptStore.EndedAttempt.of(
                                claim, AttemptOutcome.RUNNER_DIED, process, null, work.at()))
                        .toList());
    }

    /** Stores the attempts of stopped tasks. A task has one only if it was running or waited for its children. */
    static void stopped(UnitOfWork work, List<StopStore.Active> tasks, String error) {
        Map<UniversalUuid, AttemptStore.@Nullable RunnerProcess> processes = new HashMap<>();
        List<AttemptStore.EndedAttempt> ended = new ArrayList<>();
        for (StopStore.Active task : tasks) {
            Claim claim = task.claim();
            UniversalTimestamp startedAt = task.startedAt();
            if (claim != null) {
                AttemptStore.RunnerProcess process = process(work.transaction(), claim, processes);
                ended.add(AttemptStore.EndedAttempt.of(claim, AttemptOutcome.FAILED, process, error, work.at()));
            } else if (startedAt != null && task.isWaitingForChildren()) {
                ended.add(new AttemptStore.EndedAttempt(
                        task.task(), task.run(), AttemptOutcome.FAILED, null, null, startedAt, error, work.at()));
            }
        }
        store(work.transaction(), ended);
    }

    private static AttemptStore.@Nullable RunnerProcess process(
            WriteTransaction transaction,
            Claim claim,
            Map<UniversalUuid, AttemptStore.@Nullable RunnerProcess> processes) {
        return processes.computeIfAbsent(
                claim.runner(),
                runner -> transaction.find(AttemptStore.PROCESS, runner).orElse(null));
    }

    private static void store(WriteTransaction transaction, List<AttemptStore.EndedAttempt> ended) {
        if (ended.isEmpty()) {
            return;
        }
        transaction.defer(AttemptStore.INSERT, ended);
        List<AttemptStore.UpTo> old = ended.stream()
                .filter(each -> each.run() > KEPT)
                .map(each -> new AttemptStore.UpTo(each.task(), each.run() - KEPT))
                .toList();
        if (!old.isEmpty()) {
            transaction.defer(AttemptStore.FORGET, old);
        }
    }

    /** How an attempt that ended with an exception is remembered. */
    static AttemptOutcome how(Throwable cause) {
        if (cause instanceof TaskTimeoutException) {
            return AttemptOutcome.TIMED_OUT;
        }
        return cause instanceof TaskAbandonedException ? AttemptOutcome.RUNNER_DIED : AttemptOutcome.FAILED;
    }
}
