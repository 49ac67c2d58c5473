package io.cloacina.api;

import java.util.ArrayList;
import java.util.List;

/** Finds tasks whose child is of their own workflow, under a limit that the child would wait for. */
final class SelfWaitingCheck {
    private SelfWaitingCheck() {}

    /** An execution or a task that waits for its child still counts under its limits. */
    static List<String> problems(String workflow, List<TaskDefinition> tasks, List<Limit> limits) {
        List<String> problems = new ArrayList<>();
        for (TaskDefinition task : tasks) {
            if (task.child().filter(child -> child.workflow().equals(workflow)).isEmpty()) {
                continue;
            }
            String quoted = Names.quoted(task.name());
            String what = "task " + quoted + " has a child of the same workflow, ";
            String cure = ", forever; raise the limit, declare it per key, or put it on a task that has no child";
            if (limits.stream().anyMatch(Limit::isForOneAlone)) {
                problems.add(what + "which under the limit 'at once 1' waits for its own parent" + cure);
            }
            if (task.limits().stream().anyMatch(Limit::isForOneAlone)) {
                problems.add(what + "whose task " + quoted
                        + " waits under the limit 'at once 1' for that of its own parent" + cure);
            }
        }
        return problems;
    }
}
