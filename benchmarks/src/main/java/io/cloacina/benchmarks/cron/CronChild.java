package io.cloacina.benchmarks.cron;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A process that fires schedules and runs what they submit until it is killed or its input ends. Its main class, too. */
final class CronChild {
    static final String WORKFLOW = "cron";

    private CronChild() {}

    /** Reads the URL of the database from its input, not as an argument: it may hold a password. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String url = Objects.requireNonNull(input.readLine(), "the URL");
        Engine engine = start(url);
        while (input.readLine() != null) {
            // Nothing else is said: the end is what counts.
        }
        engine.close();
    }

    static Engine start(String url) {
        return Engine.builder(url)
                .workflow(WorkflowDefinition.named(WORKFLOW)
                        .version("1")
                        .task("nothing", context -> {})
                        .build())
                .keepForever()
                .start();
    }
}
