package io.cloacina.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.crash.History.Kind;
import io.cloacina.crash.History.Line;
import io.cloacina.crash.Tables.ExecutionRow;
import io.cloacina.crash.Tables.RecoveryRow;
import io.cloacina.crash.Tables.TaskRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Compares the histories of all processes with the tables, and the tables with each other, after everything has ended. */
final class Verdict {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Others may notice that a process has ended itself before its death is noted. */
    private static final long NOTICED_WITHIN_MICROS = 1_000_000;

    private final Tables tables;
    private final List<Line> history;
    private final Facts facts;
    private final Children.Deaths deaths;
    private final Set<Long> stalled;
    private final List<String> violations = new ArrayList<>();

    /**
     * @param deaths when processes ended
     * @param stalled the ids of those that were stopped for a while
     */
    Verdict(Tables tables, List<Line> history, Children.Deaths deaths, Set<Long> stalled) {
        this.tables = tables;
        this.history = history;
        this.facts = Facts.of(tables, history);
        this.deaths = deaths;
        this.stalled = stalled;
    }

    /** One attempt of one task. */
    record Try(UUID execution, String task, int attempt) {}

    /** What was seen and found besides the tables and the histories. */
    record Found(
            List<Application.Effect> effects,
            Map<UUID, Integer> orders,
            List<Glimpse.Sight> sights,
            List<String> problems) {}

    Outcome outcome(Found found, Outcome.Harm harm, double drainSeconds) {
        violations.addAll(found.problems());
        nothingIsLost();
        new SubmissionVerdict(tables, history, facts, this::violation).check(found.effects(), found.orders());
        attemptsRunOnce();
        completionsStay();
        executionsEndOnce();
        executionsAreConsistent();
        TaskVerdict each = new TaskVerdict(facts, this::violation);
        facts.tasks().forEach(each::check);
        new OutputVerdict(tables, facts, this::violation).check();
        new WaitVerdict(tables, history, facts, this::violation).check(found.sights());
        new LimitVerdict(tables, history, facts, deaths.byNumber(), this::violation).check();
        nothingIsHeldByAnybody();
        List<Double> reruns = reruns();
        return new Outcome(
                harm,
                tables.executions().size(),
                tables.tasks().size(),
                facts.starts().size(),
                recoveries(RecoveryType.TASK_RESET),
                recoveriesFromLive(),
                recoveries(RecoveryType.TASK_ABANDONED),
                reruns,
                drainSeconds,
                List.copyOf(violations));
    }

    private void violation(String format, @Nullable Object... values) {
        violations.add(String.format(Locale.ROOT, format, values));
    }

    private void nothingIsLost() {
        for (Line line : history) {
            switch (line.kind()) {
                case SUBMITTED, SUBMITTED_WITH_KEY, JOINED -> {
                    if (!facts.executions().containsKey(id(line))) {
                        violation("execution %s was submitted by process %d and is lost", id(line), line.process());
                    }
                }
                case ROLLED_BACK -> {
                    if (facts.executions().containsKey(id(line))) {
                        violation("execution %s is there, and its transaction was rolled back", id(line));
                    }
                }
                case CANCELLED -> {
                    ExecutionRow row = facts.executions().get(id(line));
                    if (row != null && row.status() != ExecutionStatus.CANCELLED) {
                        violation("execution %s was cancelled and is %s", id(line), row.status());
                    }
                }
                case TOO_EARLY ->
                    violation(
                            "task '%s' of execution %s began while its dependency '%s' was %s",
                            line.field(1), id(line), line.field(2), line.field(3));
                case PROBLEM -> violation("process %d: %s", line.process(), line.field(0));
                case RETRYING, STARTED, RETURNED, SIGNALLED, COMPLETED, ENDED -> {}
            }
        }
    }

    private void attemptsRunOnce() {
        facts.starts().forEach((attempt, lines) -> {
            // The body of a transactional task may run again when its transaction lost against another, in the same
            // process.
            boolean isTransactional = facts.definition(attempt.execution(), attempt.task())
                    .map(TaskDefinition::isTransactional)
                    .orElse(false);
            long processes = lines.stream().map(Line::process).distinct().count();
            if (processes > 1 || (lines.size() > 1 && !isTransactional)) {
                violation(
                        "attempt %d of task '%s' of execution %s began %d times, in processes %s",
                        attempt.attempt(),
                        attempt.task(),
                        attempt.execution(),
                        lines.size(),
                        lines.stream().map(Line::process).toList());
            }
            TaskRow row = facts.tasksOf(attempt.execution()).get(attempt.task());
            // Each run has a claim; one that then waited for children until its execution ended was no attempt of its
            // own.
            if (row == null || row.claims() < attempt.attempt()) {
                violation(
                        "attempt %d of task '%s' of execution %s ran, and the table knows of %s",
                        attempt.attempt(),
                        attempt.task(),
                        attempt.execution(),
                        row == null ? "no such task" : row.claims() + " claims");
            }
        });
    }

    /** What the engine told that it is committed is in the table. */
    private void completionsStay() {
        Set<String> completed = new HashSet<>();
        for (Line line : history) {
            if (line.kind() != Kind.COMPLETED) {
                continue;
            }
            Try told = attempt(line);
            TaskRow row = facts.tasksOf(told.execution()).get(told.task());
            if (row == null || row.status() != TaskStatus.COMPLETED || row.attempt() != told.attempt()) {
                violation("the completion of %s was told and the table has %s", told, row);
            }
            if (!completed.add(told.execution() + " " + told.task())) {
                violation("task '%s' of execution %s completed twice", told.task(), told.execution());
            }
        }
    }

    private void executionsEndOnce() {
        Map<UUID, Integer> ends = new HashMap<>();
        Map<UUID, Integer> retries = new HashMap<>();
        for (Line line : history) {
            if (line.kind() == Kind.ENDED) {
                ends.merge(id(line), 1, Integer::sum);
            } else if (line.kind() == Kind.RETRYING) {
                retries.merge(id(line), 1, Integer::sum);
            }
        }
        ends.forEach((id, number) -> {
            if (number > 1 + retries.getOrDefault(id, 0)) {
                violation("execution %s ended %d times", id, number);
            }
        });
    }

    private void executionsAreConsistent() {
        for (ExecutionRow row : tables.executions()) {
            // How the runs for the elements of a task ended is the matter of that task.
            List<TaskRow> all = facts.tasksOf(row.id()).values().stream()
                    .filter(task -> !task.isElement())
                    .toList();
            Set<TaskStatus> statuses = new TreeSet<>();
            all.forEach(task -> statuses.add(task.status()));
            long failed =
                    all.stream().filter(t -> t.status() == TaskStatus.FAILED).count();
            WorkflowDefinition workflow =
                    Objects.requireNonNull(facts.workflows().get(row.workflow()));
            boolean fits = switch (row.status()) {
                case COMPLETED ->
                    Set.of(TaskStatus.COMPLETED, TaskStatus.SKIPPED).containsAll(statuses);
                case FAILED -> failed > 0 && !statuses.contains(TaskStatus.CANCELLED);
                case CANCELLED -> true;
                case PENDING, RUNNING, PAUSED -> false;
            };
            boolean ended = facts.tasksOf(row.id()).values().stream().noneMatch(Verdict::isUnfinished);
            if (!fits || !ended || all.size() != workflow.tasks().size()) {
                violation("execution %s (%s) is %s, and its tasks are %s", row.id(), row.workflow(), row.status(), all);
            }
            if (row.leavesRemaining() != 0 || row.tasksFailed() != failed || row.completedAt() == null) {
                violation("the counters of execution %s do not fit: %s, and %d tasks failed", row.id(), row, failed);
            }
        }
    }

    private static boolean isUnfinished(TaskRow task) {
        return !task.status().isFinished();
    }

    private void nothingIsHeldByAnybody() {
        tables.runners().forEach(runner -> violation("runner %s is left after all have closed", runner));
    }

    /** From the end of a process to the new start of what it had. */
    private List<Double> reruns() {
        List<Double> millis = new ArrayList<>();
        for (RecoveryRow recovery : tables.recoveries()) {
            JsonNode details = parsed(recovery.details());
            Long death = deaths.byPid().get(details.path("pid").asLong());
            List<Line> again = facts.starts()
                    .get(new Try(
                            recovery.execution(),
                            String.valueOf(recovery.task()),
                            details.path("attempt").asInt() + 1));
            if (recovery.type() == RecoveryType.TASK_RESET && death != null && again != null) {
                double later = (again.get(0).micros() - death) / 1_000.0;
                // One that was stopped before it was killed had lost its tasks by then.
                if (later >= 0) {
                    millis.add(later);
                }
            }
        }
        Collections.sort(millis);
        return millis;
    }

    private int recoveriesFromLive() {
        return (int) tables.recoveries().stream()
                .filter(recovery -> isFromLive(
                        recovery, parsed(recovery.details()).path("pid").asLong()))
                .count();
    }

    private boolean isFromLive(RecoveryRow recovery, long pid) {
        Long death = deaths.byPid().get(pid);
        return recovery.type() != RecoveryType.WORKFLOW_UNAVAILABLE
                && !stalled.contains(pid)
                && (death == null || recovery.at().epochMicros() < death - NOTICED_WITHIN_MICROS);
    }

    private int recoveries(RecoveryType type) {
        return (int) tables.recoveries().stream()
                .filter(recovery -> recovery.type() == type)
                .count();
    }

    static Try attempt(Line line) {
        return new Try(id(line), line.field(1), Integer.parseInt(line.field(2)));
    }

    static UUID id(Line line) {
        return UUID.fromString(line.field(0));
    }

    static JsonNode parsed(@Nullable String json) {
        try {
            return JSON.readTree(json == null ? "null" : json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + json, e);
        }
    }
}
