package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.tables.ExecutionStatus;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.Snippets;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @DatabaseTest
    void the_program_of_the_readme_runs(TestDatabase test) {
        // begin define
        WorkflowDefinition weather = WorkflowDefinition.named("weather")
                .task("read", context -> context.put("degrees", List.of(11, 14, 9)))
                .task(
                        "mean",
                        context -> {
                            List<?> degrees = context.get("degrees", List.class);
                            context.put(
                                    "mean",
                                    degrees.stream()
                                            .mapToInt(d -> (Integer) d)
                                            .average()
                                            .orElseThrow());
                        },
                        task -> task.after("read"))
                .build();
        // end define

        String url = test.url();
        // begin run
        try (Engine engine = Engine.builder(url).workflow(weather).start()) {
            UUID id = engine.submit("weather", Map.of("city", "Seattle"));
            Execution done = engine.await(id); // COMPLETED
            double mean = engine.context(id).get("mean", Double.class); // 11.33…
            // end run
            assertThat(done.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(mean).isCloseTo(11.33, within(0.01));
        }
    }

    @Test
    void the_readme_shows_this_code() throws IOException {
        String shown = Snippets.inSource(ReadmeTest.class, "define")
                + Snippets.inSource(ReadmeTest.class, "run").replace("(url)", "(\"sqlite:app.db\")") + "}";
        assertThat(Snippets.inDocument("README.md")).contains(shown);
    }
}
