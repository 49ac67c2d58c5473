package io.cloacina.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether the tasks of a workflow have names of their own, name each other, and do not wait for each other. */
final class GraphCheck {
    /** An index follows it. */
    private static final int MAX_FAN_OUT_NAME = Spelling.MAX_LENGTH - 12;

    private final Reporter reporter;
    private final Collection<TaskModel> tasks;
    private final Map<String, TaskModel> byName = new LinkedHashMap<>();

    GraphCheck(Reporter reporter, WorkflowModel workflow) {
        this.reporter = reporter;
        this.tasks = workflow.tasks();
        tasks.forEach(task -> byName.putIfAbsent(task.name(), task));
    }

    Optional<TaskModel> task(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    void check() {
        for (TaskModel task : tasks) {
            checkName(task);
            task.uses().forEach(use -> checkUse(task, use));
        }
        checkCycles();
    }

    private void checkName(TaskModel task) {
        String name = task.name();
        Place place = Place.of(task.method());
        task(name)
                .filter(first -> !first.method().equals(task.method()))
                .ifPresent(first -> reporter.report(
                        Message.DUPLICATE_TASK,
                        place,
                        name,
                        "method " + first.method().getSimpleName()));
        if (task.fansOut() && name.length() > MAX_FAN_OUT_NAME && name.length() <= Spelling.MAX_LENGTH) {
            String problem = "has " + name.length() + " characters, at most " + MAX_FAN_OUT_NAME
                    + " are allowed for a task that runs for each element";
            reporter.report(Message.BAD_NAME, place, "the task name '" + name + "'", problem);
        }
        int bracket = name.indexOf('[');
        if (bracket > 0 && name.endsWith("]")) {
            String of = name.substring(0, bracket);
            task(of).filter(TaskModel::fansOut)
                    .ifPresent(fan -> reporter.report(
                            Message.BAD_NAME,
                            place,
                            "the task name '" + name + "'",
                            "is reserved for the runs of task '" + of + "' for its elements"));
        }
    }

    private void checkUse(TaskModel task, TaskModel.Use use) {
        if (use.task().equals(task.name())) {
            reporter.report(Message.SELF_DEPENDENCY, use.place(), task.name());
        } else {
            checkKnown(use.task(), use.place());
        }
    }

    boolean checkKnown(String name, Place place) {
        boolean known = byName.containsKey(name);
        if (!known) {
            reporter.report(Message.UNKNOWN_TASK, place, name, Spelling.suggestion(name, byName.keySet()));
        }
        return known;
    }

    /** The direct and indirect dependencies; on a cycle, the task itself is one. */
    Set<String> before(TaskModel task) {
        Set<String> found = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(task.dependencies());
        while (!open.isEmpty()) {
            String name = open.remove(open.size() - 1);
            if (byName.containsKey(name) && found.add(name)) {
                open.addAll(byName.get(name).dependencies());
            }
        }
        return found;
    }

    /** Each cycle once: from each task, the way back to it, unless a cycle that was told goes through it. */
    private void checkCycles() {
        Set<String> told = new HashSet<>();
        for (TaskModel task : byName.values()) {
            if (told.contains(task.name()) || !before(task).contains(task.name())) {
                continue;
            }
            List<String> way = wayBack(task);
            if (way.size() > 2 && told.addAll(way)) {
                reporter.report(Message.CYCLE, Place.of(task.method()), String.join(" -> ", way));
            }
        }
    }

    /** The shortest, so that it is read easily. */
    private List<String> wayBack(TaskModel task) {
        Map<String, String> comesFrom = new LinkedHashMap<>();
        List<String> open = new ArrayList<>(List.of(task.name()));
        for (int i = 0; i < open.size(); i++) {
            TaskModel at = byName.get(open.get(i));
            for (String next : at == null ? Set.<String>of() : at.dependencies()) {
                if (comesFrom.putIfAbsent(next, open.get(i)) == null) {
                    open.add(next);
                }
            }
        }
        List<String> way = new ArrayList<>(List.of(task.name()));
        String at = task.name();
        do {
            at = comesFrom.getOrDefault(at, task.name());
            way.add(at);
        } while (!at.equals(task.name()));
        Collections.reverse(way);
        return way;
    }
}
