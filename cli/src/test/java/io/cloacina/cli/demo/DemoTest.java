package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cli.view.Screen;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DemoTest {
    @TempDir
    private Path home;

    @Test
    void an_interrupted_execution_is_continued_however_many_younger_ones_of_other_folders_are_unfinished()
            throws IOException {
        String url = "sqlite:" + home.resolve("demo.db");
        Path folder = Files.createDirectory(home.resolve("folder")).toRealPath();
        WorkflowDefinition workflow = WorkflowDefinition.of(new FolderReport(Duration.ZERO));
        Engine.builder(url).workflow(workflow).start().close();
        UUID interrupted;
        try (Engine client = Engine.builder(url).client().start()) {
            interrupted = client.submit(workflow.name(), Map.of("folder", folder, "leftOut", Set.of()));
            Submission other = Submission.of(workflow.name())
                    .input(Map.of("folder", home.resolve("other"), "leftOut", Set.of()))
                    .delay(Duration.ofDays(1));
            client.submitAll(Collections.nCopies(101, other));
        }
        StringWriter shown = new StringWriter();
        Demo.Request request =
                new Demo.Request(folder, url, home.resolve("report.md"), Duration.ZERO, "cloacina demo", url);
        assertThat(new Demo(request, Screen.of(new PrintWriter(shown))).run()).isTrue();
        assertThat(shown.toString()).contains("continuing execution " + interrupted);
    }
}
