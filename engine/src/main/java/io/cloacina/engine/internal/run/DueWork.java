package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.FailurePauses;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Work that is due at a stored time, except schedules: tasks, and deadlines of executions. Used by maintenance only. */
final class DueWork {
    /** How long another process usually needs to finish what it does with the rows that it holds. */
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
    private final boolean isManual;

    /** Executions whose deadline has passed and that could not be stopped. */
    private final FailurePauses<UniversalUuid> failing = FailurePauses.by(System::nanoTime);

    DueWork(SharedParts parts, WriteLanes lanes, Steps steps, boolean isManual) {
        this.database = parts.database();
        this.lanes = lanes;
        this.workflows = parts.workflows();
        this.lease = parts.lease();
        this.earlyEnd = steps.earlyEnd();
        this.clock = parts.settings().clock();
        this.isManual = isManual;
    }

    /** When the next task or deadline is due; this may be in the past. */
    Optional<UniversalTimestamp> next() {
        return database.list(StopStore.NEXT).stream().map(StopStore.Next::at).min(UniversalTimestamp::compareTo);
    }

    /** Makes due tasks ready, and stops executions whose deadline has passed. Returns when the next one is due. */
    Optional<UniversalTimestamp> doAll() {
        List<StopStore.Next> next = database.list(StopStore.NEXT);
        return Stream.of(wakeTasks(first(next, false)), passDeadlines(first(next, true)))
                .flatMap(Optional::stream)
                .min(UniversalTimestamp::compareTo);
    }

    private static @Nullable UniversalTimestamp first(List<StopStore.Next> all, boolean isDeadline) {
        return first(all.stream()
                .filter(each -> each.isDeadline() == isDeadline)
                .map(StopStore.Next::at)
                .toList());
    }

    /** How many tasks a transaction has woken, and when the next one is due. */
    private record Woken(int tasks, @Nullable UniversalTimestamp next) {}

    private Optional<UniversalTimestamp> wakeTasks(@Nullable UniversalTimestamp first) {
        UniversalTimestamp next = first;
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            Woken woken = lanes.callUnlessLocked(lease.runner(), work -> {
                ReadyStore.Due due = new ReadyStore.Due(UniversalTimestamp.now(clock), BATCH);
                List<ReadyStore.ReadyWorkflow> all = work.list(ReadyStore.WAKE_DUE, due);
                all.forEach(each -> work.effects().ready(workflows, each.workflow(), each.version(), each.priority()));
                return new Woken(all.size(), first(work.list(ReadyStore.NEXT_DUE)));
            });
            next = woken.next();
            if (woken.tasks() == 0 && next != null) {
                // Others hold the due rows: they may wake these tasks, or end their transactions without a change.
                return Optional.of(later(clock, next, OTHERS_ACT));
            }
        }
        return Optional.ofNullable(next);
    }

    /** Each execution in a transaction of its own, so that one that cannot be stopped does not delay the others. */
    private Optional<UniversalTimestamp> passDeadlines(@Nullable UniversalTimestamp first) {
        UniversalTimestamp next = first;
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            failing.forgetOver();
            StopStore.Due due = new StopStore.Due(UniversalTimestamp.now(clock), BATCH + failing.size());
            List<UniversalUuid> passed = database.list(StopStore.PASSED, due).stream()
                    .filter(execution -> failing.pause(execution) == null)
                    .toList();
            if (passed.isEmpty()) {
                // Due executions cannot be stopped now; this must not delay those that become due later.
                UniversalTimestamp again =
                        later(clock, next, failing.untilFirst().orElse(OTHERS_ACT));
                return Stream.concat(Stream.of(again), database.list(StopStore.NEXT_DEADLINE, due.now()).stream())
                        .min(UniversalTimestamp::compareTo);
            }
            passed.forEach(this::passDeadline);
            next = first(database.list(StopStore.NEXT_DEADLINE, UniversalTimestamp.MIN));
        }
        return Optional.ofNullable(next);
    }

    private void passDeadline(UniversalUuid execution) {
        try {
            lanes.callUnlessLocked(execution, work -> {
                earlyEnd.passDeadline(work, execution);
                return execution;
            });
        } catch (CloacinaException e) { // this execution cannot be stopped, whatever the reason
            boolean isClosed = e instanceof DatabaseException of && of.kind() == ErrorKind.CLOSED;
            if (isManual || isClosed || Unwritable.isNow(e) || e.code().equals(ErrorCodes.ENGINE_CLOSED)) {
                throw e;
            }
            boolean isLocked = e instanceof DatabaseException of && of.kind().isRetryable();
            failing.failed(execution, isLocked ? OTHERS_ACT : TRIED_AGAIN);
            LOG.atLevel(isLocked ? Level.DEBUG : Level.ERROR)
                    .log(
                            "the deadline of execution {} has passed, and it cannot be stopped; it will be retried"
                                    + " soon: {}",
                            execution,
                            e.getMessage());
        }
    }

    private static @Nullable UniversalTimestamp first(List<UniversalTimestamp> all) {
        return all.isEmpty() ? null : all.get(0);
    }

    /** The time that is given, or a pause from now if that is later. */
    static UniversalTimestamp later(Clock clock, UniversalTimestamp due, Duration pause) {
        UniversalTimestamp soon = UniversalTimestamp.now(clock).saturatedPlus(pause);
        return due.compareTo(soon) < 0 ? soon : due;
    }
}
