package io.cloacina.engine.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.Meter;
import io.cloacina.engine.internal.write.Unannounced;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.BasicMDCAdapter;
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

    private static final EngineEvent.ExecutionEnded EVENT = EngineParts.ended(EXECUTION);

    private final OwnThreads own = new OwnThreads();

    /** The least of many rounds: a compiler of the JVM that replaces a method may allocate in between, and does so rarely. */
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
}
