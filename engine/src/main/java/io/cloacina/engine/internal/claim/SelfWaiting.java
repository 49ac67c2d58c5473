package io.cloacina.engine.internal.claim;

import io.cloacina.api.Arguments;
import io.cloacina.api.ChildWorkflow;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.Limit;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds workflows that submit themselves through children, directly or not, under a limit of how many run at once. An
 * execution that waits for its child counts under the limits of its workflow, and a task under its own, so the child
 * may wait for its own parent forever. A workflow that does so alone is refused when it is built; this checks those
 * that an engine has together.
 */
public final class SelfWaiting {
    private static final Logger LOG = LoggerFactory.getLogger(SelfWaiting.class);

    private static final String ALONE =
            ", which waits for it: raise the limit, declare it per key, or put it on a task that has no child";
    private static final String SEVERAL =
            "others have ended: when all that run at once wait for such children, they wait"
                    + " forever. Raise the limit above the depth times the number of submissions, or put it on a task that has no child";

    private final Map<String, List<String>> children = new HashMap<>();
    private final Set<Finding> findings = new LinkedHashSet<>();

    /** @param isCertain whether a single such execution waits forever; otherwise it takes several at once */
    private record Finding(String message, boolean isCertain) {}

    private SelfWaiting(Collection<WorkflowDefinition> workflows) {
        for (WorkflowDefinition workflow : workflows) {
            children.put(
                    workflow.name(),
                    workflow.tasks().stream()
                            .flatMap(task -> task.child().map(ChildWorkflow::workflow).stream())
                            .toList());
        }
        for (WorkflowDefinition workflow : workflows) {
            judge(workflow);
        }
    }

    /**
     * Logs a warning for each workflow that may wait for itself, unless it may already without the added ones.
     *
     * @throws CloacinaException if one certainly waits for itself
     */
    public static void refuse(Collection<WorkflowDefinition> before, Collection<WorkflowDefinition> added) {
        Map<String, WorkflowDefinition> all = new HashMap<>();
        before.forEach(workflow -> all.put(workflow.name(), workflow));
        added.forEach(workflow -> all.put(workflow.name(), workflow));
        Set<Finding> findings = new SelfWaiting(all.values()).findings;
        findings.removeAll(new SelfWaiting(before).findings);
        Optional<Finding> certain = findings.stream().filter(Finding::isCertain).findFirst();
        if (certain.isPresent()) {
            throw new CloacinaException(ErrorCodes.INVALID_WORKFLOW, certain.get().message);
        }
        findings.forEach(finding -> LOG.warn("{}", finding.message));
    }

    private void judge(WorkflowDefinition workflow) {
        String named = "workflow " + Arguments.shown(workflow.name());
        if (comesTo(workflow.name(), children.getOrDefault(workflow.name(), List.of()))) {
            judge(
                    workflow.limits(),
                    named + " submits itself through its children",
                    "a child",
                    "its own parent has ended");
        }
        for (TaskDefinition task : workflow.tasks()) {
            Optional<String> child = task.child().map(ChildWorkflow::workflow);
            if (child.isPresent() && comesTo(workflow.name(), List.of(child.get()))) {
                judge(
                        task.limits(),
                        "task " + Arguments.shown(task.name()) + " of " + named
                                + " submits its own workflow through its child",
                        "the task of a later execution",
                        "that of the first one has ended");
            }
        }
    }

    /** Limits of starts within a period are left out: no execution waits for them forever. */
    private void judge(List<Limit> limits, String what, String waiting, String first) {
        for (Limit limit : limits) {
            if (limit.every().isEmpty()) {
                boolean isCertain = limit.most() == 1 && limit.key().isEmpty();
                findings.add(new Finding(
                        what + ", and under its limit '" + limit + "' " + waiting + " waits until "
                                + (isCertain ? first + ALONE : SEVERAL),
                        isCertain));
            }
        }
    }

    private boolean comesTo(String workflow, Collection<String> from) {
        Set<String> seen = new HashSet<>(from);
        Deque<String> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            String each = next.pop();
            if (each.equals(workflow)) {
                return true;
            }
            children.getOrDefault(each, List.of()).stream().filter(seen::add).forEach(next::add);
        }
        return false;
    }
}
