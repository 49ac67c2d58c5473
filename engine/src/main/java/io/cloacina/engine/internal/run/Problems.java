package io.cloacina.engine.internal.run;

import io.cloacina.api.Arguments;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Problem.Code;
import io.cloacina.engine.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the problems in a status that an operator should act upon, with what to do. */
final class Problems {
    /** How late a runner may do what is due at a stored time, before that is a problem. */
    static final Duration LATE = Duration.ofMinutes(1);

    /** How long a task may be ready before that is a problem. */
    private static final Duration READY_FOR = Duration.ofMinutes(5);

    /**
     * How long a transaction may be open: meanwhile PostgreSQL cannot remove rows that were replaced or deleted since it began.
     */
    private static final Duration OPEN_FOR = Duration.ofHours(1);

    private static final int FEW_FAILURES = 3;

    private final Status status;
    private final Instant now;
    private final @Nullable Instant unexplained;
    private final Map<String, Long> failedRoots;
    private final Set<UUID> gone;
    private final List<Problem> all = new ArrayList<>();

    private Problems(Status status, @Nullable Instant unexplained, Map<String, Long> failedRoots, Set<UUID> gone) {
        this.status = status;
        this.now = status.at();
        this.unexplained = unexplained;
        this.failedRoots = failedRoots;
        this.gone = gone;
    }

    /**
     * The same status with its problems.
     *
     * @param unexplained since when the oldest ready task has been ready, among those that neither a full limit nor a missing
     *     version holds back
     * @param failedRoots how many executions of a workflow without a parent failed within an hour; the failure of a child is a
     *     problem of its parent, and only if the parent does not handle it
     * @param unevaluated the names of enabled alerts that no live runner evaluates
     * @param gone the runners whose processes ran on this host and have ended
     */
    static Status addedTo(
            Status status,
            @Nullable Instant unexplained,
            Map<String, Long> failedRoots,
            List<String> unevaluated,
            Set<UUID> gone) {
        Problems problems = new Problems(status, unexplained, failedRoots, gone);
        problems.find();
        problems.alerts(unevaluated);
        return new Status(
                status.at(),
                status.runners(),
                status.ready(),
                status.oldestReadyAt(),
                status.waiting(),
                status.paused(),
                status.late(),
                status.limits(),
                status.stranded(),
                status.lateSchedules(),
                status.activity(),
                status.isActivityCutShort(),
                status.schemaDifferences(),
                status.database(),
                problems.all);
    }

    private void find() {
        boolean isNobodyThere = status.runners().stream().noneMatch(Status.RunnerState::isAlive);
        if (isNobodyThere && !status.stranded().isEmpty()) {
            add(
                    Code.NO_RUNNER,
                    "no runner is alive, and executions are not finished: " + strandedNames(),
                    "start a program that has these workflows, or 'cloacina runner start --jar FILE'");
        }
        status.runners().stream().filter(runner -> !runner.isAlive()).forEach(this::silent);
        if (!isNobodyThere) {
            status.stranded().forEach(this::stranded);
        }
        readyLate();
        if (!status.late().isZero()) {
            add(
                    Code.DUE_LATE,
                    status.late() + " tasks (retries, delayed starts, sleeps) were due more than a minute ago, and have"
                            + " not been woken",
                    isNobodyThere
                            ? "start a runner: each wakes the due tasks"
                            : "compare the clocks of the machines, and check the log of a runner for errors of the"
                                    + " database");
        }
        if (!isNobodyThere) {
            full();
        }
        status.lateSchedules().forEach(this::schedule);
        status.activity().forEach(this::failing);
        if (!status.schemaDifferences().isEmpty()) {
            add(
                    Code.SCHEMA_DIFFERS,
                    "the schema is not that of this build: "
                            + status.schemaDifferences().get(0),
                    "run 'cloacina schema check', and the same version of the library everywhere");
        }
        Duration open = status.database().oldestTransaction();
        if (open != null && open.compareTo(OPEN_FOR) > 0) {
            add(
                    Code.TRANSACTION_OLD,
                    "a transaction has been open for " + minutes(open)
                            + ": PostgreSQL cannot remove rows that ended since, and becomes slower",
                    "find it with 'SELECT pid, usename, state, query FROM pg_stat_activity ORDER BY xact_start', and end"
                            + " it with 'SELECT pg_terminate_backend(PID)'");
        }
    }

    private void add(Code code, String sentence, String advice) {
        all.add(new Problem(code, sentence, advice));
    }

    private String strandedNames() {
        return status.stranded().stream()
                .map(each -> each.executions() + " of " + each.workflow() + "@" + each.version())
                .collect(Collectors.joining(", "));
    }

    private void silent(Status.RunnerState runner) {
        boolean isGone = gone.contains(runner.id());
        boolean isAnyAlive = status.runners().stream().anyMatch(Status.RunnerState::isAlive);
        String process = "the runner on host " + Arguments.shown(runner.host()) + ", process " + runner.pid() + ", ";
        String tasks = " and holds " + runner.used() + " tasks";
        if (isGone) {
            add(
                    Code.RUNNER_SILENT,
                    process + "has ended" + tasks,
                    isAnyAlive
                            ? "wait for one lease: another runner takes its tasks"
                            : "start a runner: on this host it takes the tasks at once, on another one after a whole"
                                    + " lease");
            return;
        }
        add(
                Code.RUNNER_SILENT,
                process + "has not renewed its lease for " + runner.leaseAge().toSeconds() + " s" + tasks,
                isAnyAlive
                        ? "wait for one lease: another runner takes its tasks; if it stays, check whether that process"
                                + " still runs and reaches the database"
                        : "start a runner: it takes the tasks after this one has sent no heartbeat for a whole lease."
                                + " If that process still runs, its log shows why it does not reach the database");
    }

    private void stranded(Status.Stranded stranded) {
        String label = stranded.workflow() + "@" + stranded.version();
        String why = stranded.why();
        boolean isElsewhere = !stranded.versions().isEmpty();
        add(
                Code.STRANDED,
                stranded.executions() + " unfinished executions have " + label + ", which no live runner has"
                        + (isElsewhere ? "; runners have version " + String.join(", ", stranded.versions()) : "")
                        + (why == null ? "" : ". The oldest cannot continue with it: " + why),
                !isElsewhere
                        ? "start a runner that has " + label
                        : why == null
                                ? "wait: a runner lets them continue with the newest version"
                                : "start a runner that has " + label
                                        + " until they have ended; 'cloacina workflows diff "
                                        + stranded.workflow() + " " + stranded.version() + " "
                                        + stranded.versions().get(0) + "' shows what changed");
    }

    private void readyLate() {
        if (unexplained == null || Duration.between(unexplained, now).compareTo(READY_FOR) <= 0) {
            return;
        }
        add(
                Code.READY_LATE,
                "a task has been ready for " + minutes(Duration.between(unexplained, now)) + ", and " + status.ready()
                        + " tasks are ready",
                "start more runners, or raise their slots ('cloacina runner start --slots N'); if slots are free, look"
                        + " into the log of a runner");
    }

    private record OneLimit(String workflow, @Nullable String task, String limit) {}

    /**
     * Adds one problem for a limit, however many of its keys are full. Limits that are rates are left out, because time makes
     * room.
     */
    private void full() {
        Map<OneLimit, List<Status.FullLimit>> byLimit = status.limits().stream()
                .filter(each -> !each.heldBy().isEmpty()
                        && Duration.between(each.waitingSince(), now).compareTo(READY_FOR) > 0)
                .collect(Collectors.groupingBy(
                        each -> new OneLimit(each.workflow(), each.taskName(), each.limit()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        byLimit.values().forEach(keys -> full(keys.get(0), keys.size() - 1));
    }

    private void full(Status.FullLimit limit, int others) {
        Duration waited = Duration.between(limit.waitingSince(), now);
        String of = limit.taskName() == null
                ? "workflow " + Arguments.shown(limit.workflow())
                : "task " + Arguments.shown(limit.taskName()) + " of workflow " + Arguments.shown(limit.workflow());
        add(
                Code.LIMIT_FULL,
                "the limit '" + limit.limit() + "' of " + of + " is full"
                        + (limit.key() == null ? "" : " for " + limit.key())
                        + (others == 0 ? "" : " and " + others + " other keys") + ", and a task has waited for "
                        + minutes(waited),
                "find what uses it: 'cloacina executions why " + limit.heldBy().get(0)
                        + "'; cancel that, or raise the limit");
    }

    private void schedule(Status.LateSchedule late) {
        add(
                Code.SCHEDULE_LATE,
                "schedule " + Arguments.shown(late.name()) + " should have fired at " + ReasonFinder.shown(late.due()),
                late.hasRunner()
                        ? "check the log of a runner that has workflow " + Arguments.shown(late.workflow())
                                + ", and compare the clocks of the machines"
                        : "start a runner that has workflow " + Arguments.shown(late.workflow())
                                + ": it fires missed times as the schedule specifies");
    }

    private void failing(Status.Activity activity) {
        long failed = failedRoots.getOrDefault(activity.workflow(), 0L);
        if (failed >= FEW_FAILURES && failed >= activity.hour().completed()) {
            add(
                    Code.FAILING,
                    "of workflow " + Arguments.shown(activity.workflow()) + " " + failed
                            + " executions failed within an" + " hour, and "
                            + activity.hour().completed() + " completed",
                    "look at the errors: 'cloacina executions list --status failed --workflow " + activity.workflow()
                            + "'; when the cause is fixed, 'cloacina executions retry ID'");
        }
    }

    private void alerts(List<String> unevaluated) {
        if (!unevaluated.isEmpty()) {
            add(
                    Code.ALERTS_OFF,
                    "no live runner evaluates the alerts that are enabled: "
                            + unevaluated.stream().map(Arguments::shown).collect(Collectors.joining(", ")),
                    "start a runner with 'cloacina runner start --alerts', or build an engine with alerts()");
        }
    }

    private static String minutes(Duration duration) {
        return duration.toHours() >= 2 ? duration.toHours() + " hours" : duration.toMinutes() + " minutes";
    }
}
