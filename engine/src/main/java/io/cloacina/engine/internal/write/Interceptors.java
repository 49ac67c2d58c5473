package io.cloacina.engine.internal.write;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskBody;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.CarriedJson;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineInterceptor.Running;
import io.cloacina.engine.model.EngineInterceptor.Submitting;
import io.cloacina.engine.model.Submission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The interceptors of an application, the first one outermost. If there are none, nothing is allocated. */
public final class Interceptors {
    private final List<EngineInterceptor> all;

    public Interceptors(List<EngineInterceptor> all) {
        this.all = List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    public List<UUID> submit(List<Submission> submissions, Submitting engine) {
        Submitting next = engine;
        for (int i = all.size() - 1; i >= 0; i--) {
            EngineInterceptor each = all.get(i);
            Submitting inner = next;
            next = given -> each.aroundSubmit(given, new Once(inner));
        }
        return next.submit(submissions);
    }

    /**
     * Runs a body within the interceptors.
     *
     * @param carried reads what its execution carries
     */
    public void run(AttemptContext context, Workflow workflow, TaskBody body, Supplier<ExecutionStore.Carried> carried)
            throws Exception {
        new Around(all, 0, new Execution(context, carried), () -> workflow.run(() -> body.run(context))).run();
    }

    /** What an execution that a schedule submits carries, as it is stored; null for nothing. */
    @Nullable
    String onSchedule(String schedule, String workflow) {
        Map<String, String> carried = Map.of();
        for (EngineInterceptor each : all) {
            carried = with(carried, each.onSchedule(schedule, workflow), "returns from onSchedule", each);
        }
        return CarriedJson.of(carried);
    }

    /** Adds what an interceptor lets executions carry; an error names that interceptor. */
    private static Map<String, String> with(
            Map<String, String> carried, Map<String, String> more, String how, EngineInterceptor by) {
        String what = "what interceptor " + by.getClass().getName() + " " + how;
        Map<String, String> both = carried;
        for (Map.Entry<String, String> each : Arguments.given(what, more).entrySet()) {
            try {
                both = Submission.checkedCarried(both, each.getKey(), each.getValue());
            } catch (CloacinaException e) {
                throw new CloacinaException(e.code(), what + ": " + e.getMessage(), e);
            }
        }
        return both;
    }

    /** The execution that a body belongs to, as all interceptors around that body see it. */
    private static final class Execution {
        private final AttemptContext context;
        private final Supplier<ExecutionStore.Carried> reading;
        private ExecutionStore.@Nullable Carried read;

        Execution(AttemptContext context, Supplier<ExecutionStore.Carried> reading) {
            this.context = context;
            this.reading = reading;
        }

        ExecutionStore.Carried read() {
            if (read == null) {
                read = reading.get();
            }
            return read;
        }
    }

    /** The body with what surrounds it. */
    @FunctionalInterface
    private interface Body {
        void run() throws Exception;
    }

    /** What an interceptor surrounds of a submission. */
    private static final class Once implements Submitting {
        private final Submitting next;
        private boolean called;

        Once(Submitting next) {
            this.next = next;
        }

        @Override
        public List<UUID> submit(List<Submission> submissions) {
            if (called) {
                throw Arguments.invalid("an interceptor called next.submit(...) twice; it must call it at most once;"
                        + " the executions that the first call returned are stored");
            }
            called = true;
            return next.submit(submissions);
        }
    }

    /** An interceptor, or behind the last one the body, with what it surrounds. */
    private static final class Around implements Running {
        private final List<EngineInterceptor> all;
        private final int index;
        private final Execution execution;
        private final Body body;
        private boolean called;

        Around(List<EngineInterceptor> all, int index, Execution execution, Body body) {
            this.all = all;
            this.index = index;
            this.execution = execution;
            this.body = body;
        }

        @Override
        public void run() throws Exception {
            if (called) {
                throw Arguments.invalid("an interceptor called next.run() twice around task '"
                        + execution.context.taskName() + "'; it must call it at most once");
            }
            called = true;
            if (index == all.size()) {
                body.run();
            } else {
                all.get(index).aroundBody(execution.context, new Around(all, index + 1, execution, body));
            }
        }

        @Override
        public Map<String, String> carried() {
            return CarriedJson.read(execution.read().json(), "execution " + execution.context.executionId());
        }

        @Override
        public Instant submittedAt() {
            return execution.read().createdAt().toInstant();
        }

        @Override
        public void handOn(Map<String, String> carried) {
            EngineInterceptor by = all.get(index - 1);
            execution.context.handOn(with(execution.context.handedOn(), carried, "gives to handOn", by));
        }
    }
}
