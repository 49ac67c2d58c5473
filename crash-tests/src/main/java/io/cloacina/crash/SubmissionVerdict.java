package io.cloacina.crash;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.crash.History.Kind;
import io.cloacina.crash.History.Line;
import io.cloacina.crash.Tables.ExecutionRow;
import io.cloacina.crash.Tables.TaskRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Whether what was submitted is there once, and the tables of the application are as the engine's. */
final class SubmissionVerdict {
    private final Tables tables;
    private final List<Line> history;
    private final Facts facts;
    private final Violations violations;

    SubmissionVerdict(Tables tables, List<Line> history, Facts facts, Violations violations) {
        this.tables = tables;
        this.history = history;
        this.facts = facts;
        this.violations = violations;
    }

    /**
     * Looks at all of it.
     *
     * @param orders how many orders each execution has
     */
    void check(List<Application.Effect> effects, Map<UUID, Integer> orders) {
        keysSubmitOneExecution();
        tokensSubmitOneExecution();
        effectsAreExactlyOnce(effects);
        ordersAreWithTheirExecutions(orders);
    }

    private void keysSubmitOneExecution() {
        Map<String, UUID> first = new HashMap<>();
        for (Line line : history) {
            if (line.kind() == Kind.SUBMITTED_WITH_KEY) {
                ExecutionRow row = facts.executions().get(Verdict.id(line));
                // The same key of two workflows is two keys.
                String key = (row == null ? "" : row.workflow()) + " " + line.field(1);
                UUID before = first.putIfAbsent(key, Verdict.id(line));
                if (before != null && !before.equals(Verdict.id(line))) {
                    violations.add("the key '%s' submitted both %s and %s", key, before, Verdict.id(line));
                }
                if (row != null && !line.field(1).equals(row.key())) {
                    violations.add(
                            "execution %s was submitted with key %s and has %s",
                            Verdict.id(line), line.field(1), row.key());
                }
            }
        }
        Set<String> stored = new HashSet<>();
        for (ExecutionRow row : tables.executions()) {
            if (row.key() != null && !stored.add(row.workflow() + " " + row.key())) {
                violations.add("the key '%s' of workflow '%s' is there twice", row.key(), row.workflow());
            }
        }
    }

    /** A submission that was tried again because its answer was lost must not be there twice. */
    private void tokensSubmitOneExecution() {
        Map<String, UUID> first = new HashMap<>();
        tables.inputs().forEach(input -> {
            String token = Verdict.parsed(input.json()).path("token").asText();
            UUID before = first.putIfAbsent(token, input.execution());
            if (before != null) {
                violations.add("submission %s is stored twice, as %s and %s", token, before, input.execution());
            }
        });
        for (Line line : history) {
            if (line.kind() == Kind.SUBMITTED && !Verdict.id(line).equals(first.get(line.field(1)))) {
                violations.add(
                        "submission %s returned %s and is %s",
                        line.field(1), Verdict.id(line), first.get(line.field(1)));
            }
        }
    }

    private void effectsAreExactlyOnce(List<Application.Effect> effects) {
        Map<Verdict.Try, Integer> found = new HashMap<>();
        effects.forEach(e -> found.merge(new Verdict.Try(e.execution(), e.task(), e.attempt()), 1, Integer::sum));
        for (TaskRow task : tables.tasks()) {
            boolean isTransactional =
                    facts.definition(task).map(TaskDefinition::isTransactional).orElse(false);
            if (isTransactional && task.status() == TaskStatus.COMPLETED) {
                Integer number = found.remove(new Verdict.Try(task.execution(), task.name(), task.attempt()));
                if (number == null || number != 1) {
                    violations.add("%s has %s effects of its attempt", task, number);
                }
            }
        }
        found.keySet().forEach(effect -> violations.add("there is an effect of %s, which did not complete", effect));
    }

    private void ordersAreWithTheirExecutions(Map<UUID, Integer> orders) {
        for (ExecutionRow row : tables.executions()) {
            if (row.workflow().equals(MixedWorkflows.ORDER) && orders.getOrDefault(row.id(), 0) != 1) {
                violations.add("execution %s has %d orders", row.id(), orders.getOrDefault(row.id(), 0));
            }
        }
        orders.keySet().stream()
                .filter(id -> !facts.executions().containsKey(id))
                .forEach(id -> violations.add("there is an order of execution %s, which is not there", id));
    }
}
