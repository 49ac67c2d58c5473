package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkPreviewTest {
    private static final String NOTE =
            "  of these, those in which tasks have run after a failed one are skipped when they are reached";

    @TempDir
    private Path home;

    @BeforeEach
    void failOne() {
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task("t", context -> {
                    throw new IllegalStateException("broken");
                })
                .build();
        try (Engine engine = Engine.builder(url()).workflow(workflow).start()) {
            engine.await(engine.submit("w", Map.of()));
        }
    }

    private String url() {
        return "sqlite:" + home.resolve("a.db");
    }

    private List<String> preview(String... command) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        String[] all = List.of(command).toArray(new String[command.length + 4]);
        all[command.length] = "--status";
        all[command.length + 1] = "failed";
        all[command.length + 2] = "--database";
        all[command.length + 3] = url();
        assertThat(Main.execute(new PrintStream(printed, true, StandardCharsets.UTF_8), nowhere, all))
                .isEqualTo(2);
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void the_preview_of_a_retry_says_that_it_counts_executions_that_will_be_skipped_after_compensation() {
        assertThat(preview("executions", "retry")).startsWith("retry: 1 execution (failed 1)", NOTE);
        assertThat(preview("executions", "retry", "--even-after-compensation")).doesNotContain(NOTE);
        assertThat(preview("executions", "restart")).doesNotContain(NOTE);
    }
}
