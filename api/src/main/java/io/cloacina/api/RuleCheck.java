package io.cloacina.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds rules that name tasks whose end is not known when the rule is evaluated: only direct and indirect dependencies
 * have ended then. Naming direct ones, as nearly all rules do, costs nothing more; indirect ones cost one walk over the
 * graph for each 64 different tasks that are named.
 */
final class RuleCheck {
    /** A rule of one task names another, which is not a direct dependency. */
    private record Use(int task, int named) {}

    private final TaskGraph graph;
    private final int[][] before;
    private final int[] order;
    private final List<String> problems = new ArrayList<>();
    private final List<Use> indirect = new ArrayList<>();

    RuleCheck(TaskGraph graph, int[][] before, int[] order) {
        this.graph = graph;
        this.before = before;
        this.order = order;
    }

    List<String> problems() {
        List<TaskDefinition> tasks = graph.declared();
        for (int i = 0; i < tasks.size(); i++) {
            if (!tasks.get(i).rule().conditions().isEmpty()) {
                addNamesOf(i, tasks.get(i));
            }
        }
        for (Use use : notBefore()) {
            String named = Names.quoted(tasks.get(use.named).name());
            problems.add("the rule of task " + Names.quoted(tasks.get(use.task).name()) + " names " + named
                    + ", on which it does not depend, so that its state would be unknown; name a direct or"
                    + " indirect dependency");
        }
        return problems;
    }

    private void addNamesOf(int index, TaskDefinition task) {
        Set<String> direct = new HashSet<>(task.dependencies());
        Set<String> seen = new HashSet<>();
        for (TriggerCondition condition : task.rule().conditions()) {
            if (condition instanceof TriggerCondition.OfTask ofTask && seen.add(ofTask.taskName())) {
                String named = ofTask.taskName();
                int other = graph.indexOf(named);
                String rule = "the rule of task " + Names.quoted(task.name()) + " names ";
                if (other < 0) {
                    problems.add(rule + graph.undeclared(named));
                } else if (other == index) {
                    problems.add(rule + "the task itself");
                } else if (direct.isEmpty()) {
                    problems.add(rule + Names.quoted(named) + ", but the task has no dependencies; add a dependency on "
                            + Names.quoted(named));
                } else if (!direct.contains(named)) {
                    indirect.add(new Use(index, other));
                }
            }
        }
    }

    /** Those whose named task is not before them; tasks on or behind a cycle are not judged. */
    private List<Use> notBefore() {
        Set<Use> wrong = new HashSet<>();
        long[] own = new long[before.length];
        int[] targets = indirect.stream().mapToInt(Use::named).distinct().toArray();
        for (int from = 0; from < targets.length; from += Long.SIZE) {
            Arrays.fill(own, 0);
            for (int i = from; i < Math.min(from + Long.SIZE, targets.length); i++) {
                own[targets[i]] = 1L << (i - from);
            }
            long[] ancestors = ancestors(own);
            indirect.stream()
                    .filter(use -> (own[use.named] & ~ancestors[use.task]) != 0)
                    .forEach(wrong::add);
        }
        return indirect.stream().filter(wrong::contains).toList();
    }

    /** For each task the bits of all tasks before it; all bits for one without an order. */
    private long[] ancestors(long[] own) {
        long[] ancestors = new long[before.length];
        Arrays.fill(ancestors, -1);
        for (int task : order) {
            long found = 0;
            for (int dependency : before[task]) {
                found |= own[dependency] | ancestors[dependency];
            }
            ancestors[task] = found;
        }
        return ancestors;
    }
}
