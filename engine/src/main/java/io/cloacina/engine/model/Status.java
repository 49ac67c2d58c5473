package io.cloacina.engine.model;

import io.cloacina.schema.type.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of the whole system on a database, as it was when it was read. Ready tasks are counted up to 10,000, and
 * everything else up to 1,000, so that reading it takes milliseconds whatever the size of the database.
 *
 * @param at when it was read
 * @param runners the engines that run tasks, including some that died recently
 * @param ready how many tasks are ready
 * @param oldestReadyAt since when the oldest ready task, among the next 200 of each version, has been ready; null if
 *     none is ready
 * @param waiting how many tasks wait, by what they wait for
 * @param paused how many executions are paused
 * @param late how many tasks are more than a minute overdue: retries, delayed starts, sleeps
 * @param limits the limits that are full while tasks wait for them, up to 20
 * @param stranded the versions with unfinished executions that no live runner has, up to 20
 * @param lateSchedules the schedules that are more than a minute overdue, up to 20
 * @param activity how many executions were submitted and ended recently, by workflow
 * @param isActivityCutShort whether there are more executions than the newest 5,000, which {@code activity} counts
 * @param schemaDifferences how the schema of the database differs from that of this version; empty if it does not
 * @param database size and health of the database
 * @param problems the problems that need an operator, the most severe first
 */
public record Status(
        Instant at,
        List<RunnerState> runners,
        Count ready,
        @Nullable Instant oldestReadyAt,
        Waiting waiting,
        Count paused,
        Count late,
        List<FullLimit> limits,
        List<Stranded> stranded,
        List<LateSchedule> lateSchedules,
        List<Activity> activity,
        boolean isActivityCutShort,
        List<String> schemaDifferences,
        DatabaseState database,
        List<Problem> problems) {
    /**
     * A runner.
     *
     * @param slots how many tasks it runs at once; null if it does not report that
     * @param used how many tasks it has claimed
     * @param leaseAge how long ago it renewed its lease, by the clock of the database
     * @param isAlive whether its lease has not expired, and its process, if it ran on this host, has not ended
     * @param isClosing whether it claims no more tasks, according to its last heartbeat
     * @param workflows the workflows that it has, {@code name@version}
     */
    public record RunnerState(
            UUID id,
            String host,
            long pid,
            @Nullable Integer slots,
            Count used,
            Duration leaseAge,
            boolean isAlive,
            boolean isClosing,
            List<String> workflows) {
        /** Copies the list. */
        public RunnerState {
            workflows = List.copyOf(workflows);
        }
    }

    /** How many tasks wait: for a signal, a child execution, the runs for the elements of a list, or a time. */
    public record Waiting(Count signal, Count child, Count list, Count time) {}

    /**
     * A limit that is full.
     *
     * @param taskName the task that it limits; null if it limits executions
     * @param limit such as {@code at once 3 per customer}
     * @param key the value for which the limit is full, as JSON; null if the limit has no key, or the value is not
     *     known
     * @param heldBy executions that count towards the limit, up to 3, the oldest first
     * @param holders how many count towards the limit
     * @param waiting how many tasks wait for the limit
     * @param waitingSince since when the oldest of them has waited
     */
    public record FullLimit(
            String workflow,
            @Nullable String taskName,
            String limit,
            @Nullable String key,
            List<UUID> heldBy,
            Count holders,
            Count waiting,
            Instant waitingSince) {
        /** Copies the list. */
        public FullLimit {
            heldBy = List.copyOf(heldBy);
        }
    }

    /**
     * A version that no live runner has.
     *
     * @param executions the number of its unfinished executions
     * @param versions the versions of the workflow that live runners have
     * @param why why the oldest execution cannot continue with the newest of {@code versions}; null if it can, or there
     *     are none
     */
    public record Stranded(
            String workflow,
            String version,
            Count executions,
            List<String> versions,
            @Nullable String why) {
        /** Copies the list. */
        public Stranded {
            versions = List.copyOf(versions);
        }
    }

    /**
     * A schedule that should have fired at {@code due}. {@code hasRunner} is true if a live runner has its workflow.
     */
    public record LateSchedule(String name, String workflow, Instant due, boolean hasRunner) {}

    /** The executions of a workflow in the last minute and the last hour. */
    public record Activity(String workflow, Ended minute, Ended hour) {}

    /** How many executions were submitted, completed and failed in a period. */
    public record Ended(long submitted, long completed, long failed) {}

    /**
     * The database.
     *
     * @param bytes its size in bytes
     * @param deadRows PostgreSQL: the number of dead rows that a vacuum will remove, as its statistics report; null on
     *     SQLite
     * @param oldestTransaction PostgreSQL: how long the oldest transaction has been open; null on SQLite
     */
    public record DatabaseState(
            Backend backend,
            long bytes,
            @Nullable Long deadRows,
            @Nullable Duration oldestTransaction) {}

    /** Copies the lists. */
    public Status {
        runners = List.copyOf(runners);
        limits = List.copyOf(limits);
        stranded = List.copyOf(stranded);
        lateSchedules = List.copyOf(lateSchedules);
        activity = List.copyOf(activity);
        schemaDifferences = List.copyOf(schemaDifferences);
        problems = List.copyOf(problems);
    }

    /** Whether there are no problems. */
    public boolean isHealthy() {
        return problems.isEmpty();
    }
}
