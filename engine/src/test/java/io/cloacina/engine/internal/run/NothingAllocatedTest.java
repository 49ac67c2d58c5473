package io.cloacina.engine.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.write.ClaimBudget;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.Meter;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * What an application has not asked for costs no byte: each place where the engine would tell metrics or listeners, set the MDC
 * or call interceptors. Bytes are counted, not times.
 */
class NothingAllocatedTest {
    private static final int CALLS = 10_000;
    private static final int ROUNDS = 50;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final UUID EXECUTION = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

    private static final Instant AT = Instant.EPOCH;
    private static final EngineEvent EVENT =
            new EngineEvent.ExecutionEnded(EXECUTION, "w", ExecutionStatus.COMPLETED, AT, AT);

    /** The least of many rounds: that the JVM compiles or replaces a method in between may allocate. */
    private static long bytes(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static Claimed claimed() {
        WorkflowDefinition definition =
                WorkflowDefinition.named("w").task("t", context -> {}).build();
        Workflow workflow = new Workflow(definition, JsonMapping.PLAIN);
        UniversalUuid id = UniversalUuid.of(EXECUTION);
        Claim claim = new Claim(id, id, "t", 1, 1, 0, id, UniversalTimestamp.of(AT));
        return new Claimed(claim, workflow, definition.tasks().get(0), 0, null);
    }

    private static EventPublisher publisher(boolean hasListeners) {
        List<EngineListener> listeners = hasListeners ? List.of(event -> {}) : List.of();
        return new EventPublisher(
                new Meter(List.of()),
                new UnpublishedSubmissions(hasListeners),
                listeners,
                false,
                new OwnThreads(),
                () -> false);
    }

    /** None of it is asked for anything. */
    private static TaskContext context() {
        return (TaskContext) Proxy.newProxyInstance(
                TaskContext.class.getClassLoader(), new Class<?>[] {TaskContext.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException(method + " is called");
                });
    }

    @Test
    void metrics_that_nobody_wants() {
        Meter meter = new Meter(List.of());
        ClaimBudget none = new ClaimBudget(new Slots(1), new ClaimableWorkflows(), false, 0);
        CommitEffects effects = new CommitEffects(none, new UnpublishedSubmissions(false));

        assertThat(bytes(() -> meter.event(EVENT))).isZero();
        assertThat(bytes(() -> meter.committed(effects))).isZero();
        assertThat(bytes(() -> meter.dropped(EVENT))).isZero();
    }

    @Test
    void listeners_that_there_are_not() {
        Claimed claimed = claimed();
        EventPublisher publisher = publisher(false);

        assertThat(bytes(() -> publisher.started(claimed, AT))).isZero();
        assertThat(bytes(() -> publisher.stored(EXECUTION))).isZero();
    }

    @Test
    void an_mdc_without_a_library_that_has_one() {
        BodyMdc mdc = new BodyMdc(new NOPMDCAdapter());
        TaskContext context = context();

        assertThat(bytes(() -> mdc.leave(mdc.enter(context)))).isZero();
    }

    @Test
    void interceptors_that_there_are_not() {
        Interceptors interceptors = new Interceptors(List.of());

        assertThat(bytes(interceptors::isEmpty)).isZero();
    }

    /** That the count counts: what is asked for does allocate. */
    @Test
    void a_listener_that_there_is_costs_bytes() {
        Claimed claimed = claimed();
        EventPublisher publisher = publisher(true);

        assertThat(bytes(() -> {
                    publisher.started(claimed, AT);
                    publisher.makeWaitingCalls();
                }))
                .isGreaterThanOrEqualTo(CALLS * 16L);
    }
}
