package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Workflows;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Fifty times as many workflows are about fifty times as much work, not 2,500 times. Work is the processor's time of this thread, which
 * other threads and a slow machine do not change much; between the two there is room for a factor of seven either way.
 */
class ManyWorkflowsTest {
    private static final int FEW = 1_000;
    private static final int TIMES = 50;
    private static final int TRIES = 3;

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
        assertLinear(workflows -> new Workflows(workflows, 1).packaged());
    }

    private static void assertLinear(Consumer<List<WorkflowDefinition>> work) {
        // The best of several: what is compiled meanwhile, or thrown out of a cache, is not its work.
        long few = best(() -> work.accept(many.subList(0, FEW)));
        long all = best(() -> work.accept(many));
        assertThat(all / few).as("%d ns for all, %d ns for few", all, few).isLessThan(TIMES * 7);
    }

    private static long best(Runnable work) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return IntStream.range(0, TRIES)
                .mapToLong(i -> {
                    long before = threads.getCurrentThreadCpuTime();
                    work.run();
                    return threads.getCurrentThreadCpuTime() - before;
                })
                .min()
                .orElseThrow();
    }
}
