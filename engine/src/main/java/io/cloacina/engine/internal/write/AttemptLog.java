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
import org.jspecify.annotations.Nullable;

/**
 * Stores a row for each attempt that failed, was interrupted or lost its runner, in the transaction that ends the
 * attempt. For a successful attempt nothing is stored.
 */
final class AttemptLog {
    /** How many attempts of a task are kept, the newest ones. */
    static final int KEPT = 100;

    private AttemptLog() {}

    /** Stores attempts whose ends this transaction has recorded. */
    static void ended(UnitOfWork work, List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        Map<UniversalUuid, AttemptStore.@Nullable Place> places = new HashMap<>();
        List<AttemptStore.Ended> ended = new ArrayList<>(outcomes.size());
        for (Outcome outcome : outcomes) {
            ended.add(AttemptStore.Ended.of(
                    outcome.claim(),
                    how(outcome.ending()),
                    place(work.transaction(), outcome.claim(), places),
                    error(outcome.ending()),
                    work.at()));
        }
        store(work.transaction(), ended);
    }

    /** Stores attempts whose runner died. */
    static void died(UnitOfWork work, List<Claim> claims, AttemptStore.Place place) {
        store(
                work.transaction(),
                claims.stream()
                        .map(claim -> AttemptStore.Ended.of(claim, AttemptOutcome.RUNNER_DIED, place, null, work.at()))
                        .toList());
    }

    /** Stores the attempts of stopped tasks. A task has one only if it was running or waited for its children. */
    static void stopped(UnitOfWork work, List<StopStore.Active> tasks, String error) {
        Map<UniversalUuid, AttemptStore.@Nullable Place> places = new HashMap<>();
        List<AttemptStore.Ended> ended = new ArrayList<>();
        for (StopStore.Active task : tasks) {
            Claim claim = task.claim();
            UniversalTimestamp startedAt = task.startedAt();
            if (claim != null) {
                AttemptStore.Place place = place(work.transaction(), claim, places);
                ended.add(AttemptStore.Ended.of(claim, AttemptOutcome.FAILED, place, error, work.at()));
            } else if (startedAt != null && task.isWaitingForChildren()) {
                ended.add(new AttemptStore.Ended(
                        task.task(), task.run(), AttemptOutcome.FAILED, null, null, startedAt, error, work.at()));
            }
        }
        store(work.transaction(), ended);
    }

    private static AttemptStore.@Nullable Place place(
            WriteTransaction transaction, Claim claim, Map<UniversalUuid, AttemptStore.@Nullable Place> places) {
        return places.computeIfAbsent(
                claim.runner(),
                runner -> transaction.find(AttemptStore.PLACE, runner).orElse(null));
    }

    private static void store(WriteTransaction transaction, List<AttemptStore.Ended> ended) {
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

    private static AttemptOutcome how(Outcome.Ending ending) {
        if (ending instanceof Outcome.Retried retried) {
            return how(retried.cause());
        } else if (ending instanceof Outcome.Failed failed) {
            return how(failed.cause());
        }
        return ending instanceof Outcome.Released ? AttemptOutcome.INTERRUPTED : AttemptOutcome.FAILED;
    }

    private static AttemptOutcome how(Throwable cause) {
        if (cause instanceof TaskTimeoutException) {
            return AttemptOutcome.TIMED_OUT;
        }
        return cause instanceof TaskAbandonedException ? AttemptOutcome.RUNNER_DIED : AttemptOutcome.FAILED;
    }

    private static @Nullable String error(Outcome.Ending ending) {
        if (ending instanceof Outcome.Retried retried) {
            return retried.error();
        } else if (ending instanceof Outcome.Failed failed) {
            return failed.error();
        }
        if (ending instanceof Outcome.Released released) {
            return released.why();
        }
        return ending instanceof Outcome.Orphaned orphaned ? orphaned.error() : null;
    }
}
