package io.cloacina.engine;

import io.cloacina.api.ChildWorkflow;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Limit;
import io.cloacina.api.WorkflowDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds workflows that hand work back to themselves, through others or not, under a limit of how many go on at once: an
 * execution that waits for its child counts, so the child may wait for its own parent. A workflow alone is refused when it is
 * built; this sees those that an engine has together.
 */
final class SelfWaiting {
    private static final Logger LOG = LoggerFactory.getLogger(SelfWaiting.class);

    private final Map<String, List<String>> children = new HashMap<>();

    private SelfWaiting(Collection<WorkflowDefinition> workflows) {
        for (WorkflowDefinition workflow : workflows) {
            List<String> named = new ArrayList<>();
            workflow.tasks()
                    .forEach(task -> task.child().map(ChildWorkflow::workflow).ifPresent(named::add));
            children.put(workflow.name(), named);
        }
    }

    /**
     * Says in the log which may wait for themselves.
     *
     * @throws CloacinaException if one certainly would
     */
    static void refuse(Collection<WorkflowDefinition> workflows) {
        SelfWaiting all = new SelfWaiting(workflows);
        for (WorkflowDefinition workflow : workflows) {
            for (Limit limit : workflow.limits()) {
                if (limit.every().isEmpty() && all.comesBackTo(workflow.name())) {
                    judge(workflow, limit);
                }
            }
        }
    }

    private static void judge(WorkflowDefinition workflow, Limit limit) {
        String what = "workflow '" + workflow.name()
                + "' hands work back to itself through its children, and under its limit '" + limit
                + "' a child waits until ";
        if (limit.most() == 1 && limit.key().isEmpty()) {
            throw new CloacinaException(
                    "INVALID_WORKFLOW",
                    what
                            + "its own parent has ended, which waits for it: raise the limit, let it hold per key, or put the"
                            + " limit on the task that needs it");
        }
        LOG.warn(
                "{}others have ended: when all that go on at once wait for such children, they wait forever. Raise the limit"
                        + " above the depth times the number of submissions, or put it on the task that needs it",
                what);
    }

    private boolean comesBackTo(String workflow) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> next = new ArrayDeque<>(children.getOrDefault(workflow, List.of()));
        while (!next.isEmpty()) {
            String each = next.pop();
            if (each.equals(workflow)) {
                return true;
            }
            if (seen.add(each)) {
                next.addAll(children.getOrDefault(each, List.of()));
            }
        }
        return false;
    }
}
