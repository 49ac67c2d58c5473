package io.cloacina.engine.internal.run;

import io.cloacina.api.TaskContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/**
 * What log lines of a body carry: which task they are of. Without a logging library that has a diagnostic context, nothing is done.
 * A thread of the application gets back what it had.
 */
final class BodyMdc {
    private final @Nullable MDCAdapter context;

    BodyMdc() {
        this(MDC.getMDCAdapter());
    }

    BodyMdc(@Nullable MDCAdapter adapter) {
        this.context = adapter instanceof NOPMDCAdapter ? null : adapter;
    }

    /** Before a body, in its thread: what there was, for {@link #leave}. */
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
