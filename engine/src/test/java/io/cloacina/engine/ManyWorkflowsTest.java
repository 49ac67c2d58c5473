package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.JsonMapping;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Fifty times as many workflows allocate about fifty times as much, not 2,500 times: nothing that grows with their number is copied or
 * made again for each. Allocation is exact on any machine; comparisons that allocate nothing are not seen by it.
 */
class ManyWorkflowsTest {
    private static final int FEW = 1_000;
    private static final int TIMES = 50;

    private static List<WorkflowDefinition> many = List.of();

    @BeforeAll
    static void define() {
        many = IntStream.range(0, FEW * TIMES)
                .mapToObj(i -> WorkflowDefinition.named("workflow " + i)
                        .version("1")
                        .task("t", context -> {})
                        .build())
                .toList();
    }

    @Test
    void adding_workflows_is_linear() {
        assertLinear(workflows -> {
            EngineBuilder builder = Engine.builder("sqlite::memory:");
            workflows.forEach(builder::workflow);
        });
    }

    @Test
    void knowing_workflows_is_linear() {
        assertLinear(workflows -> new Workflows(workflows, 1, JsonMapping.PLAIN).packaged());
    }

    private static void assertLinear(Consumer<List<WorkflowDefinition>> work) {
        long few = allocatedBy(() -> work.accept(many.subList(0, FEW)));
        long all = allocatedBy(() -> work.accept(many));

        assertThat(all / few).as("%d bytes for all, %d for few", all, few).isLessThan(TIMES * 3);
    }

    private static long allocatedBy(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        work.run(); // classes are loaded, and caches filled
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
