package io.cloacina.engine.internal.run;

import io.cloacina.api.TaskContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/**
 * Adds the workflow, execution and task to the MDC of the thread that runs a body. Without a logging library that has an MDC,
 * does nothing. A thread of the application gets its previous values back.
 */
final class BodyMdc {
    private final @Nullable MDCAdapter context;

    BodyMdc() {
        this(MDC.getMDCAdapter());
    }

    BodyMdc(@Nullable MDCAdapter adapter) {
        this.context = adapter instanceof NOPMDCAdapter ? null : adapter;
    }

    /** Call in the thread of a body, before it runs. Returns the previous values, for {@link #leave}. */
    @Nullable
    Map<String, String> enter(TaskContext task) {
        if (context == null) {
            return null;
        }
        Map<String, String> before = context.getCopyOfContextMap();
        context.put("workflow", task.workflow());
        context.put("execution", task.executionId().toString());
        context.put("task", task.taskName());
        context.put("attempt", Integer.toString(task.attempt()));
        return before;
    }

    void leave(@Nullable Map<String, String> before) {
        if (context == null) {
            return;
        }
        if (before == null) {
            context.clear();
        } else {
            context.setContextMap(before);
        }
    }
}
