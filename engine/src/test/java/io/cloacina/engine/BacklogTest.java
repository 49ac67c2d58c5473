package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** While many tasks wait, claims begin where the last one ended: nothing is left out, and what is urgent comes first. */
@Timeout(60)
class BacklogTest {
    private static final int BACKLOG = 600;
    private static final int SLOTS = 20;
    private static final int URGENT = -1;

    private static List<Submission> numbered(String workflow) {
        return IntStream.range(0, BACKLOG)
                .mapToObj(number -> Submission.of(workflow).input(Map.of("number", number)))
                .toList();
    }

    @DatabaseTest
    void what_becomes_urgent_meanwhile_passes_the_backlog(TestDatabase test) {
        List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch submitted = new CountDownLatch(1);
        Engine[] itself = {null};
        WorkflowDefinition usual = WorkflowDefinition.named("usual")
                .version("1")
                .task("run", context -> {
                    int number = context.get("number", Integer.class);
                    begun.add(number);
                    if (number == 3 * SLOTS) {
                        itself[0].submit(Submission.of("usual")
                                .input(Map.of("number", URGENT))
                                .priority(10));
                        submitted.countDown();
                    } else if (number > 3 * SLOTS) {
                        assertThat(submitted.await(30, TimeUnit.SECONDS)).isTrue();
                    }
                })
                .build();
        try (Engine engine =
                Engine.builder(test.url()).workflow(usual).slots(SLOTS).build()) {
            itself[0] = engine;
            engine.start();
            engine.submitAll(numbered("usual")).forEach(id -> engine.await(id));

            // Those that ran when it was submitted, and those that were claimed with their ends, began before it.
            assertThat(begun.indexOf(URGENT)).isBetween(SLOTS, 10 * SLOTS);
        }
    }

    @DatabaseTest
    void what_is_ready_again_behind_the_claims_is_not_left_out(TestDatabase test) {
        Map<Integer, Integer> failed = new ConcurrentHashMap<>();
        WorkflowDefinition again = WorkflowDefinition.named("again")
                .version("1")
                .task(
                        "run",
                        context -> {
                            int number = context.get("number", Integer.class);
                            if (number % 7 == 0 && failed.merge(number, 1, Integer::sum) == 1) {
                                throw new IllegalStateException("the first time");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task("then", context -> {}, task -> task.after("run").priority(-1))
                .build();
        try (Engine engine =
                Engine.builder(test.url()).workflow(again).slots(SLOTS).build()) {
            engine.start();
            List<UUID> ids = engine.submitAll(numbered("again"));

            assertThat(ids)
                    .allSatisfy(id -> assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED));
            assertThat(failed).hasSize(BACKLOG / 7 + 1);
        }
    }

    /** Otherwise it would depend on how long the bodies take. */
    @DatabaseTest
    void an_engine_driven_by_hand_runs_what_is_ready_again_before_what_is_younger(TestDatabase test) {
        List<Integer> begun = new ArrayList<>();
        WorkflowDefinition again = WorkflowDefinition.named("again")
                .version("1")
                .task(
                        "run",
                        context -> {
                            int number = context.get("number", Integer.class);
                            begun.add(number);
                            if (number == 0 && Collections.frequency(begun, 0) == 1) {
                                throw new IllegalStateException("the first time");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
        try (ManualEngine engine =
                Engine.builder(test.url()).workflow(again).slots(SLOTS).buildManual()) {
            engine.start();
            engine.engine().submitAll(numbered("again"));
            engine.tick();
        }

        assertThat(begun).hasSize(BACKLOG + 1);
        assertThat(begun.lastIndexOf(0)).isEqualTo(SLOTS);
    }
}
