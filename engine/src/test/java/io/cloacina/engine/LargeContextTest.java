package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** Contexts that are larger than what is remembered of small ones. */
@Timeout(60)
class LargeContextTest {
    private static final String LARGE = "x".repeat(17_000_000);

    /** Loading it again for every element would make a list of many elements slow. */
    @DatabaseTest
    void what_the_runs_for_elements_see_is_loaded_once_however_large_it_is(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("large")
                .version("1")
                .task(
                        "each",
                        context -> {
                            assertThat(context.get("large", String.class)).hasSameSizeAs(LARGE);
                            EngineParts.execute(test, "UPDATE contexts SET value = '{}'");
                        },
                        task -> task.forEach("list").atOnce(1))
                .build();
        test.migrated();
        try (Engine engine = Engine.builder(test.url())
                .workflow(workflow)
                .maxContextBytes(32 << 20)
                .start()) {
            UUID id = engine.submit("large", Map.of("large", LARGE, "list", List.of(1, 2, 3)));

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
