package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.DatabaseUrl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NextStepsTest {
    private static List<String> steps(String folder, String url, long pauseMillis) {
        Demo.Request request = new Demo.Request(Path.of(folder), url, Path.of("r.md"), pauseMillis);
        return new NextSteps(request, DatabaseUrl.parse(url)).lines();
    }

    @Test
    void theCommandsAreThoseOfThisRun() {
        assertThat(steps("src", "postgresql://me@localhost/app", 0))
                .contains(
                        "    ./cloacina demo src --database postgresql://me@localhost/app --pause 1000",
                        "    psql postgresql://me@localhost/app -c \"SELECT task_name, status FROM task_executions\"",
                        "    ./cloacina schema check --database postgresql://me@localhost/app");
        assertThat(steps(".", "sqlite:cloacina-demo.db", 50)).contains("    ./cloacina demo --pause 50");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postgresql://me:secret@localhost/app", "jdbc:postgresql://localhost/app?user=me&password=secret"
            })
    void aPasswordIsNotShown(String url) {
        assertThat(String.join("\n", steps(".", url, 0)))
                .doesNotContain("secret")
                .contains("./cloacina schema check --database URL");
    }
}
