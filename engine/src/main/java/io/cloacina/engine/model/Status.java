package io.cloacina.engine.model;

import io.cloacina.schema.type.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How all is that runs on a database, as it was when it was read. Ready tasks are counted up to 10,000, and everything else up
 * to 1,000, so that reading it takes milliseconds, however much there is.
 *
 * @param at when it was read
 * @param runners the engines that run tasks, a dead one for a while, too
 * @param ready how many tasks are ready
 * @param oldestReadyAt since when the task has been ready that has been for longest, of the next 200 of each version; null if
 *     none is
 * @param waiting how many tasks wait, for what
 * @param paused how many executions are paused
 * @param late how many tasks should have been woken more than a minute ago: retries, delayed starts, sleeps
 * @param limits the limits that are full while tasks wait for them, up to 20
 * @param stranded the versions with unfinished executions that no live runner has, up to 20
 * @param lateSchedules the schedules that should have fired more than a minute ago, up to 20
 * @param activity what became of executions lately, by workflow
 * @param isActivityCut whether there are more executions than the 5,000 newest that {@code activity} looks at
 * @param schemaDifferences what differs in the versions of the schema; empty if nothing does
 * @param database the database itself
 * @param problems what needs a person, the worst first
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
        boolean isActivityCut,
        List<String> schemaDifferences,
        DatabaseState database,
        List<Problem> problems) {
    /**
     * A runner.
     *
     * @param slots how many tasks it runs at once; null if it does not tell
     * @param used how many it holds
     * @param leaseAge how long ago it renewed its lease, by the clock of the database
     * @param isAlive whether its lease is not over
     * @param isClosing whether it takes no more tasks, as its last heartbeat said
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
     * @param task the task that it limits; null if it limits executions
     * @param limit such as {@code at once 3 per customer}
     * @param key the value that it holds for, JSON; null if it holds for all, or the value is not known
     * @param heldBy executions that count, up to 3, the oldest first
     * @param holders how many count
     * @param waiting how many tasks wait
     * @param waitingSince since when
     */
    public record FullLimit(
            String workflow,
            @Nullable String task,
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
     * @param executions how many executions of it are not finished
     * @param versions the versions of the workflow that live runners have
     * @param why why the oldest execution cannot continue with the newest of these; null if it can, or there are none
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

    /** A schedule that should have fired at {@code due}; {@code hasRunner}: whether a live runner has its workflow. */
    public record LateSchedule(String name, String workflow, Instant due, boolean hasRunner) {}

    /** Executions of a workflow, of the last minute and the last hour. */
    public record Activity(String workflow, Ended minute, Ended hour) {}

    /** How many executions were submitted, completed and failed in a time. */
    public record Ended(long submitted, long completed, long failed) {}

    /**
     * The database.
     *
     * @param bytes its size
     * @param deadRows PostgreSQL: rows that a vacuum will remove, as its statistics say; null on SQLite
     * @param oldestTransaction PostgreSQL: for how long the oldest transaction has been open; null on SQLite
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

    /** Whether nothing needs a person. */
    public boolean isHealthy() {
        return problems.isEmpty();
    }
}
