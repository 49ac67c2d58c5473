package io.cloacina.crash;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.FanOut;
import io.cloacina.api.Limit;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.crash.History.Kind;
import io.cloacina.crash.History.Line;
import io.cloacina.crash.Tables.ExecutionRow;
import io.cloacina.crash.Tables.TaskRow;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Whether no more ran at once, or started in a time, than limits allow, by what bodies said when they began and ended. A body
 * whose process was killed ran until then; one that lost its claim counts until that was known: it cannot be stopped sooner.
 */
final class LimitVerdict {
    private final Tables tables;
    private final Facts facts;
    private final Map<Integer, Long> deaths;
    private final Violations violations;
    private final Map<Verdict.Try, Long> ends = new HashMap<>();
    private final Map<Verdict.Try, Long> lost = new HashMap<>();
    private final Map<UUID, String> customers = new HashMap<>();

    /** @param deaths when processes ended, by their numbers */
    LimitVerdict(Tables tables, List<Line> history, Facts facts, Map<Integer, Long> deaths, Violations violations) {
        this.tables = tables;
        this.facts = facts;
        this.deaths = deaths;
        this.violations = violations;
        history.stream()
                .filter(line -> line.kind() == Kind.RETURNED)
                .forEach(line -> ends.merge(Verdict.attempt(line), line.micros(), Math::max));
        for (Tables.RecoveryRow recovery : tables.recoveries()) {
            Verdict.Try attempt = new Verdict.Try(
                    recovery.execution(),
                    String.valueOf(recovery.task()),
                    Verdict.parsed(recovery.details()).path("attempt").asInt());
            lost.put(attempt, recovery.at().epochMicros());
        }
        tables.inputs()
                .forEach(input -> customers.put(
                        input.execution(),
                        Verdict.parsed(input.json())
                                .path(WaitingWorkflows.CUSTOMER)
                                .asText()));
    }

    /** When something began and ended, in microseconds. */
    private record Span(long begin, long end) {}

    void check() {
        Map<String, List<Span>> atOnce = new TreeMap<>();
        Map<String, List<Long>> begun = new TreeMap<>();
        Map<String, List<Long>> claimed = new TreeMap<>();
        Map<String, Limit> limits = new HashMap<>();
        Map<String, Integer> most = new HashMap<>();
        for (TaskRow task : tables.tasks()) {
            TaskDefinition definition = facts.definition(task).orElse(null);
            if (definition == null) {
                continue;
            }
            UUID parent = task.parentTask();
            int together = definition.fanOut().map(FanOut::atOnce).orElse(FanOut.UNBOUNDED);
            if (parent != null && together != FanOut.UNBOUNDED) {
                String key = "the runs of '" + definition.name() + "' of " + task.execution();
                most.put(key, together);
                atOnce.computeIfAbsent(key, absent -> new ArrayList<>()).addAll(spans(task));
            }
            for (Limit limit : definition.limits()) {
                String key = "'" + task.name() + "' of customer '" + customers.getOrDefault(task.execution(), "") + "'";
                if (limit.every().isEmpty()) {
                    most.put(key, limit.most());
                    atOnce.computeIfAbsent(key, absent -> new ArrayList<>()).addAll(spans(task));
                } else {
                    limits.put(key, limit);
                    begun.computeIfAbsent(key, absent -> new ArrayList<>()).addAll(begins(task));
                    UniversalTimestamp at = task.startedAt();
                    if (at != null) {
                        claimed.computeIfAbsent(key, absent -> new ArrayList<>())
                                .add(at.epochMicros());
                    }
                }
            }
        }
        executions(atOnce, most);
        atOnce.forEach((key, spans) -> noMoreAtOnce(key, spans, most.getOrDefault(key, 0)));
        limits.forEach((key, limit) -> {
            Duration every = limit.every().orElse(Duration.ZERO);
            noMoreIn(every, key + " (claims)", claimed.getOrDefault(key, List.of()), limit.most());
            // Between the claim and the body there is time, not always the same. So in any time as long as that of the
            // limit there may be those of two.
            noMoreIn(every, key + " (bodies)", begun.getOrDefault(key, List.of()), 2 * limit.most());
        });
    }

    /** From the first body to the end. */
    private void executions(Map<String, List<Span>> atOnce, Map<String, Integer> most) {
        for (ExecutionRow execution : tables.executions()) {
            WorkflowDefinition workflow = facts.workflows().get(execution.workflow());
            // A retried execution continues where it stopped, and what begins it does not begin again.
            if (workflow == null
                    || workflow.limits().isEmpty()
                    || facts.retried().contains(execution.id())) {
                continue;
            }
            String key = "executions of '" + workflow.name() + "'";
            most.put(key, workflow.limits().get(0).most());
            UniversalTimestamp end = execution.completedAt();
            facts.tasksOf(execution.id()).values().stream()
                    .flatMap(task -> facts.begin(task).stream())
                    .min(Long::compare)
                    .ifPresent(begin -> atOnce.computeIfAbsent(key, absent -> new ArrayList<>())
                            .add(new Span(begin, end == null ? Long.MAX_VALUE : end.epochMicros())));
        }
    }

    private List<Span> spans(TaskRow task) {
        List<Span> spans = new ArrayList<>();
        for (int number = 1; number <= task.attempt(); number++) {
            Verdict.Try attempt = new Verdict.Try(task.execution(), task.name(), number);
            List<Line> began = facts.starts().get(attempt);
            if (began != null) {
                long begin = began.get(0).micros();
                long end = Math.min(
                        ends.getOrDefault(attempt, Long.MAX_VALUE),
                        Math.min(
                                deaths.getOrDefault(began.get(0).process(), Long.MAX_VALUE),
                                Math.min(lost.getOrDefault(attempt, Long.MAX_VALUE), cancelled(task))));
                if (end > begin) {
                    spans.add(new Span(begin, end));
                }
            }
        }
        return spans;
    }

    private long cancelled(TaskRow task) {
        ExecutionRow execution = facts.executions().get(task.execution());
        if (execution == null || execution.status() != ExecutionStatus.CANCELLED) {
            return Long.MAX_VALUE;
        }
        UniversalTimestamp end = execution.completedAt();
        return end == null ? Long.MAX_VALUE : end.epochMicros();
    }

    private List<Long> begins(TaskRow task) {
        List<Long> begins = new ArrayList<>();
        for (int number = 1; number <= task.attempt(); number++) {
            Verdict.Try attempt = new Verdict.Try(task.execution(), task.name(), number);
            List<Line> began = facts.starts().get(attempt);
            // One that was recovered may have been stopped for long between its claim and its body.
            if (began != null && !lost.containsKey(attempt)) {
                begins.add(began.get(0).micros());
            }
        }
        return begins;
    }

    private void noMoreAtOnce(String what, List<Span> spans, int most) {
        TreeMap<Long, Integer> changes = new TreeMap<>();
        for (Span span : spans) {
            changes.merge(span.begin(), 1, Integer::sum);
            changes.merge(span.end(), -1, Integer::sum);
        }
        int now = 0;
        for (Map.Entry<Long, Integer> change : changes.entrySet()) {
            now += change.getValue();
            if (now > most) {
                violations.add("of %s %d ran at once at %d, at most %d may", what, now, change.getKey(), most);
                return;
            }
        }
    }

    private void noMoreIn(Duration time, String what, List<Long> starts, int most) {
        List<Long> sorted = starts.stream().sorted().toList();
        for (int i = most; i < sorted.size(); i++) {
            long micros = sorted.get(i) - sorted.get(i - most);
            if (micros < time.toNanos() / 1_000) {
                violations.add(
                        "of %s %d started within %d microseconds at %d, at most %d may in %s",
                        what, most + 1, micros, sorted.get(i), most, time);
                return;
            }
        }
    }
}
