package io.cloacina.benchmarks.engine;

import io.cloacina.api.TaskContext;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.Submission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.helpers.BasicMDCAdapter;

/** What an application has that watches its engine: metrics by workflow and task, and an interceptor that fills an MDC. */
final class Observers {
    private Observers() {}

    static EngineBuilder on(EngineBuilder builder) {
        return builder.metrics(new Counting()).interceptor(new Filling());
    }

    /** Counts, and adds up times: what a library of metrics does for each of these. */
    private static final class Counting implements EngineMetrics {
        /** Of what: an event of a workflow and a task, which is empty for one of an execution. */
        private record Key(String what, String workflow, String task) {}

        private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();
        private final Map<Key, LongAdder> nanos = new ConcurrentHashMap<>();

        @Override
        public void event(EngineEvent event) {
            String what = event.getClass().getSimpleName();
            if (event instanceof EngineEvent.TaskCompleted task) {
                Key key = new Key(what, task.workflow(), task.taskName());
                add(key, 1);
                time(key, Duration.between(task.run().startedAt(), task.at()).toNanos());
            } else if (event instanceof EngineEvent.ExecutionEnded ended) {
                Key key = new Key(what, ended.workflow(), "");
                add(key, 1);
                time(key, Duration.between(ended.submittedAt(), ended.at()).toNanos());
            } else {
                add(new Key(what, "", ""), 1);
            }
        }

        @Override
        public void committed(long tookNanos, int writes) {
            time(new Key("commit", "", ""), tookNanos);
            add(new Key("writes", "", ""), writes);
        }

        @Override
        public void claimed(long tookNanos, int tasks) {
            time(new Key("claim", "", ""), tookNanos);
        }

        @Override
        public void stored(int characters) {
            add(new Key("characters", "", ""), characters);
        }

        private void add(Key key, long number) {
            counts.computeIfAbsent(key, absent -> new LongAdder()).add(number);
        }

        private void time(Key key, long took) {
            nanos.computeIfAbsent(key, absent -> new LongAdder()).add(took);
        }
    }

    /** Fills an MDC as the engine does where the logging library has one; the one of this command has none. */
    private static final class Filling implements EngineInterceptor {
        private final BasicMDCAdapter mdc = new BasicMDCAdapter();

        @Override
        public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
            return next.submit(submissions);
        }

        @Override
        public void aroundBody(TaskContext task, Running next) throws Exception {
            Map<String, String> before = mdc.getCopyOfContextMap();
            mdc.put("workflow", task.workflow());
            mdc.put("execution", task.executionId().toString());
            mdc.put("task", task.taskName());
            mdc.put("attempt", Integer.toString(task.attempt()));
            try {
                next.run();
            } finally {
                if (before == null) {
                    mdc.clear();
                } else {
                    mdc.setContextMap(before);
                }
            }
        }
    }
}
