package io.cloacina.benchmarks.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.benchmarks.crash.History.Kind;
import io.cloacina.benchmarks.crash.History.Line;
import io.cloacina.benchmarks.crash.Tables.ExecutionRow;
import io.cloacina.benchmarks.crash.Tables.OutputRow;
import io.cloacina.benchmarks.crash.Tables.RecoveryRow;
import io.cloacina.benchmarks.crash.Tables.TaskRow;
import io.cloacina.schema.tables.ExecutionStatus;
import io.cloacina.schema.tables.RecoveryType;
import io.cloacina.schema.tables.TaskStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Compares the histories of all processes with the tables, and the tables with each other, after everything has ended. */
final class Verdict {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Tables tables;
    private final List<Application.Effect> effects;
    private final Map<UUID, Integer> orders;
    private final List<Line> history;
    private final Map<Long, Long> deaths;
    private final List<String> violations = new ArrayList<>();

    private final Map<String, WorkflowDefinition> workflows = new HashMap<>();
    private final Map<UUID, ExecutionRow> executions = new HashMap<>();
    private final Map<UUID, Map<String, TaskRow>> tasks = new HashMap<>();
    private final Map<Try, List<Line>> starts = new HashMap<>();
    private final Set<UUID> retried = new HashSet<>();

    /**
     * @param orders how many orders each execution has
     * @param deaths when processes ended, by their ids
     */
    Verdict(
            Tables tables,
            List<Application.Effect> effects,
            Map<UUID, Integer> orders,
            List<Line> history,
            Map<Long, Long> deaths) {
        this.tables = tables;
        this.effects = effects;
        this.orders = orders;
        this.history = history;
        this.deaths = deaths;
        MixedWorkflows.of((context, work) -> {}).forEach(workflow -> workflows.put(workflow.name(), workflow));
        tables.executions().forEach(execution -> executions.put(execution.id(), execution));
        tables.tasks()
                .forEach(task -> tasks.computeIfAbsent(task.execution(), absent -> new HashMap<>())
                        .put(task.name(), task));
        for (Line line : history) {
            if (line.kind() == Kind.STARTED) {
                starts.computeIfAbsent(attempt(line), absent -> new ArrayList<>())
                        .add(line);
            } else if (line.kind() == Kind.RETRYING) {
                retried.add(id(line));
            }
        }
    }

    /** One attempt of one task. */
    record Try(UUID execution, String task, int attempt) {}

    Outcome outcome(List<String> problems, Outcome.Harm harm, double drainSeconds) {
        violations.addAll(problems);
        nothingIsLost();
        keysSubmitOneExecution();
        tokensSubmitOneExecution();
        attemptsRunOnce();
        completionsStay();
        executionsEndOnce();
        executionsAreConsistent();
        tasks.forEach(new TaskVerdict(executions, workflows, starts, retried, this::violation)::check);
        outputsAreOfTheirAttempt();
        effectsAreExactlyOnce();
        ordersAreWithTheirExecutions();
        nothingIsHeldByAnybody();
        List<Double> reruns = reruns();
        return new Outcome(
                harm,
                tables.executions().size(),
                tables.tasks().size(),
                starts.size(),
                recoveries(RecoveryType.TASK_RESET),
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
                    if (!executions.containsKey(id(line))) {
                        violation("execution %s was submitted by process %d and is lost", id(line), line.process());
                    }
                }
                case ROLLED_BACK -> {
                    if (executions.containsKey(id(line))) {
                        violation("execution %s is there, and its transaction was rolled back", id(line));
                    }
                }
                case CANCELLED -> {
                    ExecutionRow row = executions.get(id(line));
                    if (row != null && row.status() != ExecutionStatus.CANCELLED) {
                        violation("execution %s was cancelled and is %s", id(line), row.status());
                    }
                }
                case TOO_EARLY ->
                    violation(
                            "task '%s' of execution %s began while its dependency '%s' was %s",
                            line.field(1), id(line), line.field(2), line.field(3));
                case PROBLEM -> violation("process %d: %s", line.process(), line.field(0));
                case RETRYING, STARTED, COMPLETED, ENDED -> {}
            }
        }
    }

    private void keysSubmitOneExecution() {
        Map<String, UUID> first = new HashMap<>();
        for (Line line : history) {
            if (line.kind() == Kind.SUBMITTED_WITH_KEY) {
                ExecutionRow row = executions.get(id(line));
                // The same key of two workflows is two keys.
                String key = (row == null ? "" : row.workflow()) + " " + line.field(1);
                UUID before = first.putIfAbsent(key, id(line));
                if (before != null && !before.equals(id(line))) {
                    violation("the key '%s' submitted both %s and %s", key, before, id(line));
                }
                if (row != null && !line.field(1).equals(row.key())) {
                    violation("execution %s was submitted with key %s and has %s", id(line), line.field(1), row.key());
                }
            }
        }
        Set<String> stored = new HashSet<>();
        for (ExecutionRow row : tables.executions()) {
            if (row.key() != null && !stored.add(row.workflow() + " " + row.key())) {
                violation("the key '%s' of workflow '%s' is there twice", row.key(), row.workflow());
            }
        }
    }

    /** A submission that was tried again because its answer was lost must not be there twice. */
    private void tokensSubmitOneExecution() {
        Map<String, UUID> first = new HashMap<>();
        tables.inputs().forEach(input -> {
            String token = parsed(input.json()).path("token").asText();
            UUID before = first.putIfAbsent(token, input.execution());
            if (before != null) {
                violation("submission %s is stored twice, as %s and %s", token, before, input.execution());
            }
        });
        for (Line line : history) {
            if (line.kind() == Kind.SUBMITTED && !id(line).equals(first.get(line.field(1)))) {
                violation("submission %s returned %s and is %s", line.field(1), id(line), first.get(line.field(1)));
            }
        }
    }

    private void attemptsRunOnce() {
        starts.forEach((attempt, lines) -> {
            // The body of a transactional task may run again when its transaction lost against another, in the same
            // process.
            boolean isTransactional = definition(attempt.execution(), attempt.task())
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
            TaskRow row = tasks.getOrDefault(attempt.execution(), Map.of()).get(attempt.task());
            if (row == null || row.attempt() < attempt.attempt()) {
                violation(
                        "attempt %d of task '%s' of execution %s ran, and the table knows of %s",
                        attempt.attempt(),
                        attempt.task(),
                        attempt.execution(),
                        row == null ? "no such task" : row.attempt() + " attempts");
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
            TaskRow row = tasks.getOrDefault(told.execution(), Map.of()).get(told.task());
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
            Collection<TaskRow> all = tasks.getOrDefault(row.id(), Map.of()).values();
            Set<TaskStatus> statuses = new TreeSet<>();
            all.forEach(task -> statuses.add(task.status()));
            long failed =
                    all.stream().filter(t -> t.status() == TaskStatus.FAILED).count();
            WorkflowDefinition workflow = Objects.requireNonNull(workflows.get(row.workflow()));
            boolean fits = switch (row.status()) {
                case COMPLETED ->
                    Set.of(TaskStatus.COMPLETED, TaskStatus.SKIPPED).containsAll(statuses);
                case FAILED -> failed > 0 && !statuses.contains(TaskStatus.CANCELLED);
                case CANCELLED -> true;
                case PENDING, RUNNING, PAUSED -> false;
            };
            boolean ended = Collections.disjoint(
                    statuses, Set.of(TaskStatus.NOT_STARTED, TaskStatus.READY, TaskStatus.RUNNING));
            if (!fits || !ended || all.size() != workflow.tasks().size()) {
                violation("execution %s (%s) is %s, and its tasks are %s", row.id(), row.workflow(), row.status(), all);
            }
            if (row.leavesRemaining() != 0 || row.tasksFailed() != failed || row.completedAt() == null) {
                violation("the counters of execution %s do not fit: %s, and %d tasks failed", row.id(), row, failed);
            }
        }
    }

    private void outputsAreOfTheirAttempt() {
        Set<String> written = new HashSet<>();
        for (OutputRow output : tables.outputs()) {
            TaskRow task = tasks.getOrDefault(output.execution(), Map.of()).get(output.task());
            written.add(output.execution() + " " + output.task());
            if (task == null || task.status() != TaskStatus.COMPLETED) {
                violation(
                        "there is an output of task '%s' of %s, which is %s", output.task(), output.execution(), task);
                continue;
            }
            JsonNode json = parsed(output.json());
            List<Line> began = starts.getOrDefault(new Try(task.execution(), task.name(), task.attempt()), List.of());
            String by = json.path(task.name()).asText();
            if (began.stream().noneMatch(line -> by.equals(line.process() + "/" + task.attempt()))) {
                violation(
                        "the output of task '%s' of %s is of %s (process/attempt), and attempt %d completed it",
                        task.name(), task.execution(), by, task.attempt());
            }
            ExecutionRow execution = executions.get(task.execution());
            if (execution != null && execution.workflow().equals(MixedWorkflows.CHAIN)) {
                int position = definition(task.execution(), task.name())
                        .map(TaskDefinition::position)
                        .orElse(0);
                if (json.path("n").asInt() != position + 1) {
                    violation(
                            "task '%s' of chain %s did not see what was written before", task.name(), task.execution());
                }
            }
        }
        for (TaskRow task : tables.tasks()) {
            if (task.status() == TaskStatus.COMPLETED && !written.contains(task.execution() + " " + task.name())) {
                violation("the output of task '%s' of execution %s is lost", task.name(), task.execution());
            }
        }
    }

    private void effectsAreExactlyOnce() {
        Map<Try, Integer> found = new HashMap<>();
        effects.forEach(e -> found.merge(new Try(e.execution(), e.task(), e.attempt()), 1, Integer::sum));
        for (TaskRow task : tables.tasks()) {
            boolean isTransactional = definition(task.execution(), task.name())
                    .map(TaskDefinition::isTransactional)
                    .orElse(false);
            if (isTransactional && task.status() == TaskStatus.COMPLETED) {
                Integer number = found.remove(new Try(task.execution(), task.name(), task.attempt()));
                if (number == null || number != 1) {
                    violation("%s has %s effects of its attempt", task, number);
                }
            }
        }
        found.keySet().forEach(effect -> violation("there is an effect of %s, which did not complete", effect));
    }

    private void ordersAreWithTheirExecutions() {
        for (ExecutionRow row : tables.executions()) {
            if (row.workflow().equals(MixedWorkflows.ORDER) && orders.getOrDefault(row.id(), 0) != 1) {
                violation("execution %s has %d orders", row.id(), orders.getOrDefault(row.id(), 0));
            }
        }
        orders.keySet().stream()
                .filter(id -> !executions.containsKey(id))
                .forEach(id -> violation("there is an order of execution %s, which is not there", id));
    }

    private void nothingIsHeldByAnybody() {
        tables.runners().forEach(runner -> violation("runner %s is left after all have closed", runner));
    }

    /** From the end of a process to the new start of what it had. */
    private List<Double> reruns() {
        List<Double> millis = new ArrayList<>();
        for (RecoveryRow recovery : tables.recoveries()) {
            JsonNode details = parsed(recovery.details());
            Long death = deaths.get(details.path("pid").asLong());
            List<Line> again = starts.get(new Try(
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

    private int recoveries(RecoveryType type) {
        return (int) tables.recoveries().stream()
                .filter(recovery -> recovery.type() == type)
                .count();
    }

    private Optional<TaskDefinition> definition(UUID execution, String task) {
        ExecutionRow row = executions.get(execution);
        WorkflowDefinition workflow = row == null ? null : workflows.get(row.workflow());
        return workflow == null ? Optional.empty() : workflow.task(task);
    }

    private static Try attempt(Line line) {
        return new Try(id(line), line.field(1), Integer.parseInt(line.field(2)));
    }

    private static UUID id(Line line) {
        return UUID.fromString(line.field(0));
    }

    private static JsonNode parsed(@Nullable String json) {
        try {
            return JSON.readTree(json == null ? "null" : json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + json, e);
        }
    }
}
