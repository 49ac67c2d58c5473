package io.cloacina.api;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a task, which do not change any more. */
record TaskSettings(
        List<String> dependencies,
        TriggerRule rule,
        RetryPolicy retry,
        @Nullable Duration timeout,
        int priority,
        boolean isTransactional,
        @Nullable Wait waiting,
        @Nullable FanOut fanOut,
        @Nullable ChildWorkflow child,
        List<Limit> limits,
        Map<String, Type> reads,
        @Nullable Type output,
        @Nullable TaskCallback onCompleted,
        @Nullable TaskCallback onFailed,
        List<String> contradictions) {
    static TaskSettings of(TaskOptions options) {
        Wait wait = options.signal == null
                ? options.wait
                : new Wait.Signal(options.signal, options.within, options.orWithout);
        return new TaskSettings(
                List.copyOf(options.dependencies),
                options.rule,
                options.retry,
                options.timeout,
                options.priority,
                options.transactional,
                wait,
                options.list == null ? null : new FanOut(options.list, options.atOnce, options.collecting),
                options.childWorkflow == null ? null : new ChildWorkflow(options.childWorkflow, options.take),
                List.copyOf(options.limits),
                Collections.unmodifiableMap(new LinkedHashMap<>(options.reads)),
                options.output,
                options.onCompleted,
                options.onFailed,
                contradictions(options));
    }

    /** Contradictions between the settings, each as it follows the name of the task. */
    private static List<String> contradictions(TaskOptions options) {
        List<String> found = new ArrayList<>();
        if (options.wait != null && options.signal != null) {
            found.add("sleeps and waits for a signal; let one task sleep and the next one wait");
        }
        if (options.within != null && options.signal == null) {
            found.add("has a time limit for a signal but waits for none; call signal(name)");
        }
        if (options.list == null && (options.atOnce != FanOut.UNBOUNDED || options.collecting)) {
            found.add("has settings for runs of elements but runs for none; call forEach(key)");
        }
        if (options.childWorkflow == null && options.take != null) {
            found.add("takes a value from a child but has none; call child(workflow)");
        }
        if (options.childWorkflow != null && options.transactional) {
            found.add("is transactional and has a child; write in another task, before it or after it");
        }
        if (options.limits.size() > Limit.MOST) {
            found.add("has " + options.limits.size() + " limits; at most " + Limit.MOST + " are allowed");
        }
        if (options.signal != null) {
            Names.problem("the name of the signal", options.signal, Names.MAX_LENGTH)
                    .ifPresent(problem -> found.add("waits for a signal: " + problem));
        }
        return List.copyOf(found);
    }
}
