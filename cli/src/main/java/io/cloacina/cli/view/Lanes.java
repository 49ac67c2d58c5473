package io.cloacina.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Draws a graph a task a line, in topological order. A lane is a column that leads down to the one task whose name it
 * has: it begins at the first of that task's dependencies, the others join it, and it ends at the task. Not thread
 * safe.
 */
final class Lanes {
    private final List<@Nullable String> lanes = new ArrayList<>();

    /** How many columns there are, used or free. */
    int count() {
        return lanes.size();
    }

    /**
     * Draws the next task: its mark, the lanes that pass it by, and lines to the lanes of those that depend on it.
     *
     * @param mark one character
     */
    String draw(String name, String mark, List<String> dependents) {
        int own = lanes.indexOf(name);
        if (own < 0) {
            own = free(0);
            if (own == lanes.size()) {
                lanes.add(null);
            }
        }
        lanes.set(own, null);
        List<@Nullable String> before = new ArrayList<>(lanes);
        Set<Integer> ends = new TreeSet<>();
        for (String dependent : dependents) {
            int lane = lanes.indexOf(dependent);
            if (lane < 0) {
                lane = free(own);
                if (lane == lanes.size()) {
                    lanes.add(null);
                }
                lanes.set(lane, dependent);
            }
            ends.add(lane);
        }
        return line(own, mark, before, ends);
    }

    private int free(int from) {
        int column = from;
        while (column < lanes.size() && lanes.get(column) != null) {
            column++;
        }
        return column;
    }

    private String line(int own, String mark, List<@Nullable String> before, Set<Integer> ends) {
        int first = own;
        int last = own;
        for (int end : ends) {
            first = Math.min(first, end);
            last = Math.max(last, end);
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < lanes.size(); i++) {
            boolean passes = i < before.size() && before.get(i) != null;
            if (i == own) {
                line.append(mark);
            } else if (ends.contains(i)) {
                line.append(joint(passes, i > first, i < last));
            } else if (passes) {
                line.append('│');
            } else {
                line.append(i > first && i < last ? '─' : ' ');
            }
            line.append(i >= first && i < last ? '─' : ' ');
        }
        return line.toString().stripTrailing();
    }

    /** Where a line meets a lane, which continues downwards, and comes from above if it was there before. */
    private static char joint(boolean up, boolean left, boolean right) {
        if (left && right) {
            return up ? '┼' : '┬';
        }
        return left ? up ? '┤' : '┐' : up ? '├' : '┌';
    }
}
