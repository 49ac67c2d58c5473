package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CatchUpPolicy;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.Instants;
import io.cloacina.engine.internal.store.ScheduleStore;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.engine.model.ScheduleStatistics;
import io.cloacina.engine.model.UnknownScheduleException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schedules in the database. Any process that has the workflow of a schedule fires it; each occurrence fires once.
 * Thread safe.
 */
public final class Schedules {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final int MAX_PAGE = 10_000;
    private static final int SAME_NAME_TRIES = 10;

    private final RunningEngine engine;

    Schedules(RunningEngine engine) {
        this.engine = engine;
    }

    /**
     * Creates a schedule, or updates the one of that name. An application may call this at each start: as long as
     * expression, zone and window are unchanged, missed occurrences stay due. A disabled schedule stays disabled. If
     * expression, zone or window changed, the schedule continues from now.
     *
     * @throws UnknownWorkflowException if neither this engine nor the database has a workflow of that name; nothing is
     *     stored then
     * @throws CloacinaException if the schedule has no cron expression, or the input cannot be JSON, is too large, is
     *     not what the workflow declares, or has no value for the key of one of the workflow's limits
     */
    public ScheduleState put(Schedule schedule) {
        Workflow workflow =
                engine.named(Arguments.given("the schedule", schedule).workflow());
        PreparedExecution.requireOwn(workflow);
        ObjectNode input = ScheduleInputs.checked(schedule, workflow, engine.settings());
        ScheduleStore.Said said = said(schedule, input);
        Optional<ScheduleStore.Stored> before =
                engine.readFirst(() -> engine.database().find(ScheduleStore.FIND, schedule.name()));
        if (before.isPresent() && before.get().said().equals(said)) {
            return armed(before.get());
        }
        for (int tries = 1; ; tries++) {
            try {
                return armed(call(work -> put(work, schedule, said)));
            } catch (DatabaseException e) {
                // Another process stored a schedule of that name at the same time: the next try changes it.
                if (e.kind() != ErrorKind.UNIQUE || tries == SAME_NAME_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static ScheduleStore.Stored put(UnitOfWork work, Schedule schedule, ScheduleStore.Said said) {
        WriteTransaction transaction = work.transaction();
        UniversalTimestamp now = work.at();
        ScheduleStore.Stored before = locked(work, schedule.name()).orElse(null);
        if (before == null) {
            UniversalTimestamp next = next(schedule, now, null);
            transaction.run(
                    ScheduleStore.INSERT, new ScheduleStore.New(UniversalUuid.v7(), schedule.name(), said, next, now));
        } else {
            UniversalTimestamp next = before.said().hasTimesOf(said)
                    ? before.nextAt()
                    : before.enabled() ? next(schedule, now, before.lastAt()) : null;
            transaction.run(ScheduleStore.CHANGE, new ScheduleStore.Change(before.id(), said, next));
        }
        return transaction.find(ScheduleStore.FIND, schedule.name()).orElseThrow();
    }

    /** Returns the schedule of that name; empty if there is none. */
    public Optional<ScheduleState> find(String name) {
        return engine.database()
                .find(ScheduleStore.FIND, Schedule.checkedName(name))
                .map(Schedules::state);
    }

    /**
     * Returns all schedules, by name. A schedule that cannot be read, because its zone is unknown to this JVM, is
     * logged and left out.
     */
    public List<ScheduleState> list() {
        List<ScheduleState> all = new ArrayList<>();
        for (ScheduleStore.Stored stored : engine.database().list(ScheduleStore.ALL)) {
            try {
                all.add(state(stored));
            } catch (CloacinaException e) {
                LOG.warn("schedule '{}' cannot be read: {}", stored.name(), e.getMessage());
            }
        }
        return all;
    }

    /**
     * Enables a schedule from now on: occurrences that passed while it was disabled do not fire. Does nothing if it is
     * enabled.
     *
     * @throws UnknownScheduleException if there is no such schedule
     */
    public void enable(String name) {
        Schedule.checkedName(name);
        armed(call(work -> {
            ScheduleStore.Stored stored = locked(work, name).orElseThrow(() -> new UnknownScheduleException(name));
            if (!stored.enabled()) {
                UniversalTimestamp next = next(stored.schedule(), work.at(), stored.lastAt());
                work.run(ScheduleStore.SWITCH, new ScheduleStore.Switch(stored.id(), UniversalBool.TRUE, next));
            }
            return work.find(ScheduleStore.FIND, name).orElseThrow();
        }));
    }

    /**
     * Disables a schedule: it does not fire until it is enabled. Its executions continue.
     *
     * @throws UnknownScheduleException if there is no such schedule
     */
    public void disable(String name) {
        Schedule.checkedName(name);
        call(work -> {
            ScheduleStore.Stored stored = locked(work, name).orElseThrow(() -> new UnknownScheduleException(name));
            return work.run(ScheduleStore.SWITCH, new ScheduleStore.Switch(stored.id(), UniversalBool.FALSE, null));
        });
    }

    /**
     * Fires a schedule now: submits its workflow with its input, and with the current instant as the scheduled time.
     * The history shows it as an occurrence like the others, and the regular occurrences are not affected. A disabled
     * schedule can be fired as well.
     *
     * @return the id of the execution
     * @throws UnknownWorkflowException if neither this engine nor the database has its workflow; nothing is stored then
     * @throws UnknownScheduleException if there is no such schedule
     * @throws CloacinaException if its input is no longer what the workflow declares
     */
    public UUID fire(String name) {
        engine.runtime().lookAtPackages();
        Workflow workflow =
                engine.named(engine.readFirst(() -> stored(name)).said().workflow());
        UniversalUuid id = UniversalUuid.v7();
        engine.runtime().lanes().call(id, work -> {
            ScheduleStore.Stored stored = locked(work, name).orElseThrow(() -> new UnknownScheduleException(name));
            engine.runtime().steps().dueSchedules().fire(work, stored, workflow, id);
            return id;
        });
        return id.value();
    }

    /**
     * Deletes a schedule with its history; its executions stay and continue. Returns false if there is no such
     * schedule.
     */
    public boolean delete(String name) {
        Schedule.checkedName(name);
        return call(work -> locked(work, name)
                .map(stored -> work.run(ScheduleStore.DELETE, stored.id()) > 0)
                .orElse(false));
    }

    /**
     * Returns the next times at which a schedule fires, at most {@code count}: fewer if it ends before, none if it is
     * disabled. A first time in the past is due, and is fired as {@link Schedule#catchUp} determines; other times in
     * the past are only returned if all of them are run.
     *
     * @throws UnknownScheduleException if there is no such schedule
     */
    public List<Instant> next(String name, int count) {
        ScheduleStore.Stored stored = stored(name);
        UniversalTimestamp next = stored.nextAt();
        if (next == null) {
            return List.of();
        }
        Instant first = next.toInstant();
        Instant now = engine.settings().clock().instant();
        Schedule schedule = stored.schedule();
        if (count < 1 || now.isBefore(first) || schedule.catchUp().policy() == CatchUpPolicy.RUN_ALL) {
            return schedule.next(first.minusNanos(1), count);
        }
        return Stream.concat(Stream.of(first), schedule.next(now, count).stream())
                .limit(count)
                .toList();
    }

    /**
     * Returns the occurrences of a schedule whose executions are kept, latest first.
     *
     * @param limit the maximum number, from 1 to 10,000
     * @throws UnknownScheduleException if there is no such schedule
     */
    public List<Occurrence> history(String name, int limit) {
        Arguments.number(ErrorCodes.INVALID_LIMIT, "a limit must be", limit, 1, MAX_PAGE);
        return engine.database()
                .list(ScheduleStore.HISTORY, new ScheduleStore.Page(stored(name).id(), limit));
    }

    /**
     * Counts the occurrences of a schedule by how their executions ended, among the latest 1,000 whose executions are
     * kept.
     *
     * @throws UnknownScheduleException if there is no such schedule
     */
    public ScheduleStatistics statistics(String name) {
        Map<ExecutionStatus, Long> counts = new EnumMap<>(ExecutionStatus.class);
        engine.database()
                .list(ScheduleStore.COUNTS, new ScheduleStore.Page(stored(name).id(), ScheduleStatistics.MOST))
                .forEach(count -> counts.put(count.status(), count.occurrences()));
        long all = counts.values().stream().mapToLong(count -> count).sum();
        long completed = counts.getOrDefault(ExecutionStatus.COMPLETED, 0L);
        long failed = counts.getOrDefault(ExecutionStatus.FAILED, 0L);
        long cancelled = counts.getOrDefault(ExecutionStatus.CANCELLED, 0L);
        return new ScheduleStatistics(all, completed, failed, cancelled, all - completed - failed - cancelled);
    }

    private ScheduleStore.Stored stored(String name) {
        return engine.database()
                .find(ScheduleStore.FIND, Schedule.checkedName(name))
                .orElseThrow(() -> new UnknownScheduleException(name));
    }

    private static Optional<ScheduleStore.Stored> locked(UnitOfWork work, String name) {
        return work.find(ScheduleStore.LOCK, new ScheduleStore.Named(name, work.at()));
    }

    private <R> R call(Function<UnitOfWork, R> change) {
        return engine.runtime().lanes().call(engine.parts().lease().runner(), change);
    }

    private ScheduleState armed(ScheduleStore.Stored stored) {
        if (stored.nextAt() != null) {
            engine.parts().notifier().tellSchedules();
            engine.runtime().maintenance().fireAt(stored.nextAt());
        }
        return state(stored);
    }

    /**
     * The next time, but never one that was already run, even if the clock was set back or another process's clock is
     * ahead.
     */
    private static @Nullable UniversalTimestamp next(
            Schedule schedule, UniversalTimestamp now, @Nullable UniversalTimestamp last) {
        UniversalTimestamp after = last != null && last.compareTo(now) > 0 ? last : now;
        return schedule.times()
                .next(after.toInstant())
                .map(UniversalTimestamp::of)
                .orElse(null);
    }

    private ScheduleStore.Said said(Schedule schedule, ObjectNode input) {
        return new ScheduleStore.Said(
                schedule.workflow(),
                schedule.cron(),
                schedule.zone().getId(),
                schedule.catchUp().policy(),
                schedule.catchUp().atMost(),
                (int) schedule.catchUp().maxAge().toSeconds(),
                schedule.start().map(UniversalTimestamp::of).orElse(null),
                schedule.end().map(UniversalTimestamp::of).orElse(null),
                JsonContext.stored(
                        input, ScheduleInputs.where(schedule), engine.settings().maxContextBytes()));
    }

    private static ScheduleState state(ScheduleStore.Stored stored) {
        return new ScheduleState(
                stored.schedule(),
                stored.enabled(),
                Instants.of(stored.nextAt()),
                Instants.of(stored.lastAt()),
                stored.createdAt().toInstant());
    }
}
