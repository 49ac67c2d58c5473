package io.cloacina.processor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether rules can be decided, whether they can hold, and whether what a task takes is there when they do. */
final class RuleCheck {
    private final Reporter reporter;
    private final GraphCheck graph;

    RuleCheck(Reporter reporter, GraphCheck graph) {
        this.reporter = reporter;
        this.graph = graph;
    }

    void check(TaskModel task) {
        Set<String> before = graph.before(task);
        boolean known = true;
        for (Rule.Case condition : task.rule().ofTasks()) {
            if (!graph.checkKnown(condition.name(), condition.place())) {
                known = false;
            } else if (condition.name().equals(task.name()) || !before.contains(condition.name())) {
                reporter.report(Message.RULE_NOT_BEFORE, condition.place(), task.name(), condition.name());
                known = false;
            }
        }
        if (known) {
            impossible(task.rule())
                    .ifPresent(reason -> reporter.report(
                            Message.RULE_NEVER_HOLDS, task.rule().place(), task.name(), reason));
            checkTaken(task);
        }
    }

    /** Why a rule can never hold. */
    private Optional<String> impossible(Rule rule) {
        return switch (rule.part()) {
            case "allOf" ->
                contradiction(rule.conditions())
                        .or(() -> rule.conditions().stream()
                                .flatMap(condition -> neverHolds(condition).stream())
                                .findFirst());
            case "anyOf" -> {
                List<String> reasons = rule.conditions().stream()
                        .flatMap(condition -> neverHolds(condition).stream())
                        .toList();
                yield !reasons.isEmpty() && reasons.size() == rule.conditions().size()
                        ? Optional.of(String.join(", and ", reasons))
                        : Optional.empty();
            }
            case "noneOf" -> alwaysOneOf(rule);
            default -> Optional.empty();
        };
    }

    private static Optional<String> contradiction(List<Rule.Case> conditions) {
        Map<String, Rule.Case> ends = new HashMap<>();
        Map<String, String> keys = new HashMap<>();
        for (Rule.Case condition : conditions) {
            if (condition.isOfTask()) {
                Rule.Case other = ends.putIfAbsent(condition.name(), condition);
                if (other != null && !other.state().equals(condition.state())) {
                    return Optional.of(other.shown() + " and " + condition.shown() + " exclude each other");
                }
            } else if (condition.operator().endsWith("EXISTS")) {
                String other = keys.putIfAbsent(condition.name(), condition.operator());
                if (other != null && !other.equals(condition.operator())) {
                    return Optional.of("key '" + condition.name() + "' cannot exist and not exist");
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> neverHolds(Rule.Case condition) {
        return condition.state().equals("skipped")
                        && graph.task(condition.name())
                                .filter(named -> !mayBeSkipped(named))
                                .isPresent()
                ? Optional.of("task '" + condition.name() + "' is never skipped")
                : Optional.empty();
    }

    /** Unless it runs in any case: whatever a task depends on may fail. */
    private static boolean mayBeSkipped(TaskModel task) {
        boolean runsAnyway = task.rule().part().equals("always")
                || (task.rule().isDefault() && task.dependencies().isEmpty());
        return task.mayTimeOut() || !runsAnyway;
    }

    private Optional<String> alwaysOneOf(Rule rule) {
        Map<String, Set<String>> states = rule.ofTasks().stream()
                .collect(Collectors.groupingBy(
                        Rule.Case::name, Collectors.mapping(Rule.Case::state, Collectors.toSet())));
        return states.entrySet().stream()
                .filter(entry -> entry.getValue().containsAll(List.of("completed", "failed"))
                        && (entry.getValue().contains("skipped")
                                || graph.task(entry.getKey())
                                        .filter(named -> !mayBeSkipped(named))
                                        .isPresent()))
                .map(entry -> "task '" + entry.getKey() + "' always ends in one of these states")
                .sorted()
                .findFirst();
    }

    private void checkTaken(TaskModel task) {
        if (task.rule().isDefault()) {
            return;
        }
        Set<String> sure = new HashSet<>();
        completedBy(task.rule()).forEach(name -> addSure(name, sure));
        for (Parameter parameter : task.parameters()) {
            if (parameter.isOutputOfTask() && !parameter.isOptional()) {
                String todo = parameter.kind() == Parameter.Kind.FROM ? "make the parameter an Optional, or " : "";
                checkSure(task, parameter.key(), sure, parameter.place(), todo);
            }
        }
        for (TaskModel.Use use : task.uses()) {
            if (use.reason() == TaskModel.Reason.SLEEP_UNTIL) {
                checkSure(task, use.task(), sure, use.place(), "");
            }
        }
    }

    private void checkSure(TaskModel task, String name, Set<String> sure, Place place, String todo) {
        if (!sure.contains(name) && graph.task(name).isPresent() && !name.equals(task.name())) {
            reporter.report(Message.MAY_BE_ABSENT, place, task.name(), name, todo, name);
        }
    }

    /** The tasks that have completed when a rule with conditions holds. */
    private static Stream<String> completedBy(Rule rule) {
        boolean all = rule.part().equals("allOf")
                || (rule.part().equals("anyOf") && rule.conditions().size() == 1);
        Stream<String> said = rule.ofTasks().stream()
                .filter(condition -> all && condition.state().equals("completed"))
                .map(Rule.Case::name);
        if (!rule.part().equals("noneOf")) {
            return said;
        }
        Map<String, Set<String>> denied = rule.ofTasks().stream()
                .collect(Collectors.groupingBy(
                        Rule.Case::name, Collectors.mapping(Rule.Case::state, Collectors.toSet())));
        return denied.entrySet().stream()
                .filter(entry -> entry.getValue().containsAll(List.of("failed", "skipped")))
                .map(Map.Entry::getKey);
    }

    /** When a task completed, so did what it needed for that. */
    private void addSure(String name, Set<String> sure) {
        if (sure.add(name)) {
            graph.task(name).ifPresent(task -> {
                Stream<String> needed =
                        task.rule().isDefault() ? task.dependencies().stream() : completedBy(task.rule());
                needed.forEach(each -> addSure(each, sure));
            });
        }
    }
}
