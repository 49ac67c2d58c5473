package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.internal.store.StopStore;
import io.cloacina.engine.internal.write.EarlyEnd;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.Unwritable;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What is due at a time of its own, but for schedules: tasks, and deadlines of executions. For maintenance alone. */
final class DueWork {
    /** So soon others have done what they hold. */
    static final Duration OTHERS_ACT = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(DueWork.class);
    private static final int BATCH = 500;
    private static final Duration TRIED_AGAIN = Duration.ofMinutes(1);

    private final Database database;
    private final WriteLanes lanes;
    private final Workflows workflows;
    private final Lease lease;
    private final EarlyEnd earlyEnd;
    private final Clock clock;
    private final boolean byHand;

    /** Executions whose deadline has passed and that could not be stopped, and until when others come first, in nanoseconds. */
    private final Map<UniversalUuid, Long> failingUntil = new HashMap<>();

    DueWork(SharedParts parts, WriteLanes lanes, Steps steps, boolean byHand) {
        this.database = parts.database();
        this.lanes = lanes;
        this.workflows = parts.workflows();
        this.lease = parts.lease();
        this.earlyEnd = steps.earlyEnd();
        this.clock = parts.settings().clock();
        this.byHand = byHand;
    }

    /** When the next task or deadline is due; it may be due already. */
    Optional<UniversalTimestamp> next() {
        return Stream.concat(
                        database.list(ReadyStore.NEXT_DUE).stream(), database.list(StopStore.NEXT_DEADLINE).stream())
                .min(UniversalTimestamp::compareTo);
    }

    /** How many tasks a transaction has woken, and when the next one is due. */
    private record Woken(int tasks, @Nullable UniversalTimestamp next) {}

    /** Makes tasks ready whose time has come; when the next one's comes. */
    Optional<UniversalTimestamp> wakeTasks() {
        UniversalTimestamp next = first(database.list(ReadyStore.NEXT_DUE));
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            Woken woken = lanes.callUnlessLocked(lease.runner(), (transaction, effects) -> {
                ReadyStore.Due due = new ReadyStore.Due(UniversalTimestamp.now(clock), BATCH);
                List<ReadyStore.ReadyWorkflow> all = transaction.list(ReadyStore.WAKE_DUE, due);
                all.forEach(each -> effects.ready(workflows, each.workflow(), each.version(), each.priority()));
                return new Woken(all.size(), first(transaction.list(ReadyStore.NEXT_DUE)));
            });
            next = woken.next();
            if (woken.tasks() == 0 && next != null) {
                // Others hold what is due: they may wake it, or let it go as it is.
                return Optional.of(later(clock, next, OTHERS_ACT));
            }
        }
        return Optional.ofNullable(next);
    }

    /**
     * Stops executions whose deadline has passed, each in a transaction of its own, so that one that cannot be stopped holds up
     * no other; when the next deadline is.
     */
    Optional<UniversalTimestamp> passDeadlines() {
        UniversalTimestamp next = first(database.list(StopStore.NEXT_DEADLINE));
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            failingUntil.values().removeIf(until -> System.nanoTime() - until >= 0);
            StopStore.Due due = new StopStore.Due(UniversalTimestamp.now(clock), BATCH + failingUntil.size());
            List<UniversalUuid> passed = database.list(StopStore.PASSED, due).stream()
                    .filter(execution -> !failingUntil.containsKey(execution))
                    .toList();
            if (passed.isEmpty()) {
                return Optional.of(later(clock, next, failingUntil.isEmpty() ? OTHERS_ACT : TRIED_AGAIN));
            }
            passed.forEach(this::passDeadline);
            next = first(database.list(StopStore.NEXT_DEADLINE));
        }
        return Optional.ofNullable(next);
    }

    private void passDeadline(UniversalUuid execution) {
        try {
            lanes.callUnlessLocked(execution, (transaction, effects) -> {
                earlyEnd.passDeadline(transaction, execution, UniversalTimestamp.now(clock), effects);
                return execution;
            });
        } catch (CloacinaException e) { // whatever is wrong with this one
            boolean isClosed = e instanceof DatabaseException of && of.kind() == ErrorKind.CLOSED;
            if (byHand || isClosed || Unwritable.isNow(e) || e.code().equals("ENGINE_CLOSED")) {
                throw e;
            }
            boolean isHeld = e instanceof DatabaseException of && of.kind().isRetryable();
            failingUntil.put(execution, System.nanoTime() + (isHeld ? OTHERS_ACT : TRIED_AGAIN).toNanos());
            LOG.atLevel(isHeld ? Level.DEBUG : Level.ERROR)
                    .log(
                            "the deadline of execution {} has passed, and it cannot be stopped; it is tried again soon: {}",
                            execution,
                            e.getMessage());
        }
    }

    private static @Nullable UniversalTimestamp first(List<UniversalTimestamp> all) {
        return all.isEmpty() ? null : all.get(0);
    }

    /** That time, or a pause from now if that is later. */
    static UniversalTimestamp later(Clock clock, UniversalTimestamp due, Duration pause) {
        UniversalTimestamp soon = UniversalTimestamp.now(clock).saturatedPlus(pause);
        return due.compareTo(soon) < 0 ? soon : due;
    }
}
