package io.cloacina.spring;

import io.cloacina.api.FanOut;
import io.cloacina.api.TaskContext;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Submission;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Submissions and bodies as observations of Micrometer: {@code cloacina.submit} and {@code cloacina.task}. What
 * handlers of the application propagate, such as those of a tracer, is stored with the execution, and read for the
 * first attempt of each task within five minutes of the submission. Thread safe.
 */
final class EngineObservations implements EngineInterceptor {
    /** As that of traces by OpenTelemetry. */
    private static final Duration LONGEST_TRACE = Duration.ofMinutes(5);

    private final ObservationRegistry registry;

    EngineObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
        List<Observation> all = new ArrayList<>(submissions.size());
        List<Submission> carrying = new ArrayList<>(submissions.size());
        try {
            for (Submission each : submissions) {
                SenderContext<Map<String, String>> sent = new SenderContext<>(
                        (carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value), Kind.PRODUCER);
                Map<String, String> carried = new HashMap<>();
                sent.setCarrier(carried);
                all.add(Observation.createNotStarted("cloacina.submit", () -> sent, registry)
                        .contextualName("submit " + each.workflow())
                        .lowCardinalityKeyValue("workflow", each.workflow())
                        .start());
                Submission with = each;
                for (Map.Entry<String, String> entry : carried.entrySet()) {
                    with = with.carrying(entry.getKey(), entry.getValue());
                }
                carrying.add(with);
            }
            return next.submit(carrying);
        } catch (RuntimeException e) {
            all.forEach(observation -> observation.error(e));
            throw e;
        } finally {
            all.forEach(Observation::stop);
        }
    }

    @Override
    public void aroundBody(TaskContext task, Running next) throws Exception {
        Map<String, String> carried = next.carried();
        next.handOn(carried);
        // Without the index of an element: values are few.
        String name = FanOut.taskOf(task.taskName());
        Observation.createNotStarted("cloacina.task", () -> context(task, next, carried), registry)
                .contextualName(task.workflow() + "/" + name)
                .lowCardinalityKeyValue("workflow", task.workflow())
                .lowCardinalityKeyValue("task", name)
                .highCardinalityKeyValue("execution", task.executionId().toString())
                .highCardinalityKeyValue("attempt", String.valueOf(task.attempt()))
                .observeChecked(next::run);
    }

    private static Observation.Context context(TaskContext task, Running next, Map<String, String> carried) {
        boolean isPart = task.attempt() == 1
                && Duration.between(next.submittedAt(), task.now()).compareTo(LONGEST_TRACE) <= 0;
        if (!isPart) {
            return new Observation.Context();
        }
        ReceiverContext<Map<String, String>> received = new ReceiverContext<>(Map::get, Kind.CONSUMER);
        received.setCarrier(carried);
        return received;
    }
}
