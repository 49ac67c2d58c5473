package io.cloacina.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/** The one graph validator: finds every problem of a set of tasks, and their order. */
final class TaskGraph {
    static final int MAX_NAME_LENGTH = 200;

    private final List<TaskDefinition> declared;
    private final Map<String, TaskDefinition> byName = new LinkedHashMap<>();

    TaskGraph(List<TaskDefinition> declared) {
        this.declared = List.copyOf(declared);
        this.declared.forEach(task -> byName.putIfAbsent(task.name(), task));
    }

    List<String> problems(String workflow) {
        List<String> problems = new ArrayList<>();
        checkName("the workflow", workflow, problems);
        if (declared.isEmpty()) {
            problems.add("it has no task");
        }
        Set<String> seen = new HashSet<>();
        for (TaskDefinition task : declared) {
            checkName("a task", task.name(), problems);
            if (!seen.add(task.name())) {
                problems.add("task '" + task.name() + "' is declared twice");
            }
            Set<String> named = new HashSet<>();
            for (String before : task.dependencies()) {
                if (!byName.containsKey(before)) {
                    problems.add("task '" + task.name() + "' depends on '" + before + "', which is not declared");
                }
                if (!named.add(before)) {
                    problems.add("task '" + task.name() + "' names its dependency '" + before + "' twice");
                }
            }
        }
        if (problems.isEmpty()) {
            List<TaskDefinition> ordered = inOrder();
            if (ordered.size() < declared.size()) {
                problems.add("tasks depend on each other in a cycle: " + String.join(" -> ", cycle(ordered)));
            }
        }
        return problems;
    }

    /** Kahn's algorithm; among those that may come next, the one declared first. Tasks on or behind a cycle are left out. */
    List<TaskDefinition> inOrder() {
        Map<String, Integer> position = new HashMap<>();
        Map<String, Integer> waitingFor = new HashMap<>();
        Map<String, List<TaskDefinition>> successors = new HashMap<>();
        for (TaskDefinition task : declared) {
            position.put(task.name(), position.size());
            waitingFor.put(task.name(), task.dependencies().size());
            for (String before : task.dependencies()) {
                successors.computeIfAbsent(before, key -> new ArrayList<>()).add(task);
            }
        }
        PriorityQueue<TaskDefinition> next =
                new PriorityQueue<>(Comparator.comparingInt(task -> position.getOrDefault(task.name(), 0)));
        declared.stream().filter(task -> task.dependencies().isEmpty()).forEach(next::add);
        List<TaskDefinition> ordered = new ArrayList<>();
        while (!next.isEmpty()) {
            TaskDefinition task = next.poll();
            ordered.add(task);
            for (TaskDefinition after : successors.getOrDefault(task.name(), List.of())) {
                if (waitingFor.merge(after.name(), -1, Integer::sum) == 0) {
                    next.add(after);
                }
            }
        }
        return ordered;
    }

    /** Follows dependencies among the tasks without an order until one comes again. */
    private List<String> cycle(List<TaskDefinition> ordered) {
        Set<String> fine = new HashSet<>();
        ordered.forEach(task -> fine.add(task.name()));
        String at = declared.stream()
                .map(TaskDefinition::name)
                .filter(name -> !fine.contains(name))
                .findFirst()
                .orElseThrow();
        Deque<String> path = new ArrayDeque<>();
        while (!path.contains(at)) {
            path.addLast(at);
            at = Objects.requireNonNull(byName.get(at)).dependencies().stream()
                    .filter(before -> !fine.contains(before))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> cycle = new ArrayList<>(path);
        List<String> closed = new ArrayList<>(cycle.subList(cycle.indexOf(at), cycle.size()));
        closed.add(at);
        return closed;
    }

    private static void checkName(String what, String name, List<String> problems) {
        if (name.isBlank()) {
            problems.add("the name of " + what + " is blank");
        } else if (name.length() > MAX_NAME_LENGTH) {
            problems.add("the name of " + what + " has " + name.length() + " characters; at most " + MAX_NAME_LENGTH
                    + " are allowed: '" + name.substring(0, 40) + "…'");
        }
    }
}
