package io.cloacina.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The one graph validator: finds every problem of a set of tasks, and their order. Inside it a task is its index in the
 * order of declaration. Everything is linear in tasks and edges, up to the logarithm of a priority queue.
 */
final class TaskGraph {
    private static final int MAX_SUGGESTIONS = 20;
    private static final int MAX_SHOWN_OF_CYCLE = 20;
    /** An index follows it. */
    private static final int MAX_FAN_OUT_NAME = Names.MAX_LENGTH - 12;

    private final List<TaskDefinition> declared;
    private final Map<String, Integer> indexes = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    /** The dependencies of each task that are declared, each once, without itself. */
    private final int[][] before;
    /** Each task after its dependencies, otherwise as declared; tasks on or behind a cycle are left out. */
    private final int[] order;
    /** Looking for a similar name takes all names, so a broken generated workflow gets only some suggestions. */
    private int suggestions;

    TaskGraph(List<TaskDefinition> declared) {
        this.declared = List.copyOf(declared);
        for (int i = 0; i < declared.size(); i++) {
            indexes.putIfAbsent(declared.get(i).name(), i);
        }
        before = new int[declared.size()][];
        if (declared.isEmpty()) {
            problems.add("it has no task");
        } else if (declared.size() > WorkflowDefinition.MAX_TASKS) {
            problems.add(
                    "it has " + declared.size() + " tasks; at most " + WorkflowDefinition.MAX_TASKS + " are allowed");
        }
        int[] namedBy = new int[declared.size()];
        Arrays.fill(namedBy, -1);
        for (int i = 0; i < before.length; i++) {
            before[i] = resolve(i, namedBy);
        }
        order = inOrder();
        addCycles();
        problems.addAll(new RuleCheck(this, before, order).problems());
    }

    /**
     * The names of the tasks by level: first those without dependencies, then in each level those whose last dependency
     * is one level above.
     *
     * @param tasks each after its dependencies
     * @param dependencies of each task, as indexes
     */
    static List<List<String>> levels(List<TaskDefinition> tasks, int[][] dependencies) {
        int[] levelOf = new int[tasks.size()];
        List<List<String>> levels = new ArrayList<>();
        for (int i = 0; i < levelOf.length; i++) {
            for (int before : dependencies[i]) {
                levelOf[i] = Math.max(levelOf[i], levelOf[before] + 1);
            }
            if (levelOf[i] == levels.size()) {
                levels.add(new ArrayList<>());
            }
            levels.get(levelOf[i]).add(tasks.get(i).name());
        }
        return levels.stream().map(List::copyOf).toList();
    }

    List<TaskDefinition> declared() {
        return declared;
    }

    List<String> problems() {
        return problems;
    }

    /** The tasks in topological order, with their positions in it. */
    List<TaskDefinition> tasks() {
        List<TaskDefinition> tasks = new ArrayList<>(order.length);
        for (int index : order) {
            tasks.add(new TaskDefinition(declared.get(index), tasks.size()));
        }
        return List.copyOf(tasks);
    }

    /** The positions of the dependencies of each task, in topological order, both in and between them. */
    int[][] dependencies() {
        int[] positions = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            positions[order[i]] = i;
        }
        int[][] dependencies = new int[order.length][];
        for (int i = 0; i < order.length; i++) {
            dependencies[i] = Arrays.stream(before[order[i]])
                    .map(index -> positions[index])
                    .sorted()
                    .toArray();
        }
        return dependencies;
    }

    private int[] resolve(int index, int[] namedBy) {
        TaskDefinition task = declared.get(index);
        String name = Names.quoted(task.name());
        Names.problem("the name of a task", task.name(), Names.MAX_LENGTH).ifPresent(problems::add);
        if (indexOf(task.name()) != index) {
            problems.add("task " + name + " is declared twice");
        }
        task.contradictions().forEach(contradiction -> problems.add("task " + name + " " + contradiction));
        addClashWithElements(task);
        Set<String> unknown = new HashSet<>();
        int[] found = new int[task.dependencies().size()];
        int count = 0;
        for (String dependency : task.dependencies()) {
            int other = indexOf(dependency);
            if (other < 0) {
                if (unknown.add(dependency)) {
                    problems.add("task " + name + " depends on " + undeclared(dependency));
                }
            } else if (other == index) {
                problems.add("task " + name + " depends on itself");
            } else if (namedBy[other] == index) {
                problems.add("task " + name + " names its dependency " + Names.quoted(dependency) + " twice");
            } else {
                namedBy[other] = index;
                found[count++] = other;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** The run for an element is a task of its own, {@code resize[7]}. */
    private void addClashWithElements(TaskDefinition task) {
        String name = task.name();
        if (task.fanOut().isPresent() && name.length() > MAX_FAN_OUT_NAME && name.length() <= Names.MAX_LENGTH) {
            problems.add("the name of task " + Names.quoted(name) + " has " + name.length() + " characters; at most "
                    + MAX_FAN_OUT_NAME + " are allowed for one that runs for each element");
        }
        int bracket = name.indexOf('[');
        int of = bracket < 0 || !name.endsWith("]") ? -1 : indexOf(name.substring(0, bracket));
        if (of >= 0 && declared.get(of).fanOut().isPresent()) {
            problems.add("task " + Names.quoted(name) + " has the name of a run for an element of "
                    + Names.quoted(declared.get(of).name()) + "; choose another one");
        }
    }

    /** The index of the first task of that name, or -1. */
    int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    String undeclared(String name) {
        String said = Names.quoted(name) + ", which is not declared";
        if (suggestions == MAX_SUGGESTIONS) {
            return said;
        }
        suggestions++;
        return Names.nearest(name, indexes.keySet())
                .map(meant -> said + "; did you mean " + Names.quoted(meant) + "?")
                .orElse(said);
    }

    /** Kahn's algorithm; among those that may come next, the one declared first. */
    private int[] inOrder() {
        int[][] after = reversed(before);
        int[] waitingFor = new int[before.length];
        PriorityQueue<Integer> next = new PriorityQueue<>();
        for (int i = 0; i < before.length; i++) {
            waitingFor[i] = before[i].length;
            if (waitingFor[i] == 0) {
                next.add(i);
            }
        }
        int[] ordered = new int[before.length];
        int count = 0;
        while (!next.isEmpty()) {
            int task = next.poll();
            ordered[count++] = task;
            for (int successor : after[task]) {
                if (--waitingFor[successor] == 0) {
                    next.add(successor);
                }
            }
        }
        return Arrays.copyOf(ordered, count);
    }

    /** The edges the other way round; each list is in the order of the tasks. */
    static int[][] reversed(int[][] edges) {
        int[] counts = new int[edges.length];
        for (int[] ends : edges) {
            for (int end : ends) {
                counts[end]++;
            }
        }
        int[][] back = new int[edges.length][];
        Arrays.setAll(back, i -> new int[counts[i]]);
        for (int i = edges.length - 1; i >= 0; i--) {
            for (int end : edges[i]) {
                back[end][--counts[end]] = i;
            }
        }
        return back;
    }

    /**
     * From each task without an order, follows its first dependency without one until a task comes again: such a walk
     * ends in a cycle. It names cycles that share no task; when they are broken, others may be left.
     */
    private void addCycles() {
        int[] walkOf = new int[before.length];
        Arrays.fill(walkOf, -1);
        for (int index : order) {
            walkOf[index] = before.length; // has an order: no walk goes there
        }
        for (int start = 0; start < before.length; start++) {
            if (walkOf[start] >= 0) {
                continue;
            }
            int at = start;
            while (walkOf[at] < 0) {
                walkOf[at] = start;
                at = firstOnCycle(at, walkOf);
            }
            if (walkOf[at] == start) { // otherwise it went into an earlier walk, whose cycle is known
                addCycle(at, walkOf);
            }
        }
    }

    private int firstOnCycle(int task, int[] walkOf) {
        return Arrays.stream(before[task])
                .filter(index -> walkOf[index] != before.length)
                .findFirst()
                .orElseThrow();
    }

    private void addCycle(int start, int[] walkOf) {
        List<String> names = new ArrayList<>();
        int at = start;
        do {
            names.add(declared.get(at).name());
            at = firstOnCycle(at, walkOf);
        } while (at != start);
        int shown = Math.min(names.size(), MAX_SHOWN_OF_CYCLE);
        problems.add("tasks depend on each other in a cycle: " + String.join(" -> ", names.subList(0, shown))
                + (shown < names.size() ? " -> … " + (names.size() - shown) + " more" : "") + " -> " + names.get(0)
                + "; remove one of these dependencies");
    }
}
