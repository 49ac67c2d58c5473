package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print in a real terminal that is narrow; {@code script} of util-linux makes one. */
@Timeout(180)
class NarrowTerminalIT {
    private static final String LONG_NAME = "a-workflow-whose-name-is-as-long-as-the-names-that-people-really-give";
    private static final String LONG_ERROR =
            "the bank refused the transfer of 1,234.56 EUR because the account that was named in the order is closed";

    @TempDir
    private Path home;

    private static void nothing(TaskContext context) {}

    private static WorkflowDefinition order(String version) {
        return WorkflowDefinition.named(LONG_NAME)
                .version(version)
                .task("read", NarrowTerminalIT::nothing)
                .task("read-" + version, NarrowTerminalIT::nothing, task -> task.after("read"))
                .task(
                        "a-task-with-a-name-that-is-rather-long-" + version,
                        context -> {
                            if (context.find("fails", Boolean.class).orElse(false)) {
                                throw new IllegalStateException(LONG_ERROR, new IOException(LONG_ERROR));
                            }
                        },
                        task -> task.after("read").retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task(
                        "ask",
                        NarrowTerminalIT::nothing,
                        task -> task.after("read").signal("a-signal-with-a-name-that-is-rather-long"))
                .build();
    }

    private static WorkflowDefinition child() {
        return WorkflowDefinition.named("child")
                .version("1")
                .limit(Limit.atMost(1).per("customer"))
                .task("work", NarrowTerminalIT::nothing, task -> task.signal("end"))
                .build();
    }

    private static WorkflowDefinition parent() {
        return WorkflowDefinition.named("parent")
                .version("1")
                .task(
                        "each",
                        context -> context.output(Map.of("customer", "ada")),
                        task -> task.forEach("all").child("child"))
                .build();
    }

    /** Has a row of each kind, and returns the commands that show them. */
    private static List<String> filled(TestDatabase database) {
        Engine.builder(database.url()).workflow(order("1")).start().close();
        try (Engine engine = Engine.builder(database.url())
                .workflow(order("2"))
                .workflow(child())
                .workflow(parent())
                .start()) {
            UUID failed = engine.submit(Submission.of(LONG_NAME)
                    .input(Map.of("fails", true, "text", LONG_ERROR))
                    .label("customer", "a-customer-with-a-name-that-is-rather-long")
                    .idempotencyKey("a-key-that-is-as-long-as-those-that-other-systems-make-4711"));
            engine.signal(failed, "a-signal-with-a-name-that-is-rather-long", null);
            engine.await(failed);
            UUID waiting = engine.submit(Submission.of(LONG_NAME).priority(5));
            UUID paused = engine.submit(Submission.of(LONG_NAME).delay(Duration.ofDays(1)));
            engine.pause(paused, LONG_ERROR);
            UUID list = engine.submit("parent", Map.of("all", List.of(1, 2, 3)));
            engine.schedules()
                    .put(Schedule.of("a-schedule-with-a-name-that-is-rather-long", LONG_NAME)
                            .cron("0 2 * * *"));
            engine.schedules().fire("a-schedule-with-a-name-that-is-rather-long");
            UUID operation =
                    engine.operations().start(ExecutionQuery.all().workflow("nobody"), BulkAction.cancel(), LONG_ERROR);
            // The longest word for a state.
            while (!engine.operations().find(operation).orElseThrow().isEnded()) {
                LockSupport.parkNanos(5_000_000);
            }
            String schedule = " a-schedule-with-a-name-that-is-rather-long";
            return Stream.of(
                            "status",
                            "executions list",
                            "executions failures",
                            "executions show " + failed,
                            "executions show " + failed + " --attempts",
                            "executions show " + failed + " --errors",
                            "executions show " + waiting,
                            "executions show " + paused,
                            "executions show " + list,
                            "executions why " + waiting,
                            "executions why " + paused,
                            "executions why " + list,
                            "executions cancel --workflow " + LONG_NAME,
                            "operations list",
                            "workflows list",
                            "workflows show " + LONG_NAME,
                            "workflows diff " + LONG_NAME + " 1 2",
                            "schedules list",
                            "schedules show" + schedule,
                            "schedules history" + schedule,
                            "schedules next" + schedule,
                            "schedules statistics" + schedule,
                            "runner list",
                            "packages list",
                            "executions show " + failed + " --absent",
                            "workflows show a-workflow-that-is-not-there-and-has-a-long-name",
                            "schema check")
                    .map(command -> command + " --database " + database.url())
                    .toList();
        }
    }

    /** What they print in a terminal of that width. */
    private List<String> typed(Path commands, int width) throws IOException, InterruptedException {
        Path shown = home.resolve("shown-" + width);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder script = new ProcessBuilder(
                "script",
                "-qefc",
                java + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 " + TypedCommands.class.getName() + " " + commands,
                shown.toString());
        script.environment().put("COLUMNS", String.valueOf(width));
        script.environment().put("NO_COLOR", "1");
        script.environment().put("TERM", "xterm");
        script.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        script.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = script.start();
        process.getOutputStream().close();
        process.waitFor();
        return Files.readString(shown, StandardCharsets.UTF_8)
                .replace("\r", "")
                .lines()
                .filter(line -> !line.startsWith("Script "))
                .toList();
    }

    @Test
    void nothing_is_wider_than_the_terminal() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script, which makes a terminal");
        try (TestDatabase database = TestDatabase.create(Backend.SQLITE)) {
            List<String> typed = filled(database);
            Path commands = Files.write(home.resolve("commands"), typed);
            for (int width : List.of(60, 80)) {
                String command = "";
                int commandsSeen = 0;
                for (String line : typed(commands, width)) {
                    if (line.startsWith("$ ")) {
                        command = line;
                        commandsSeen++;
                    } else {
                        assertThat(line.length()).as(command + "\n" + line).isLessThanOrEqualTo(width);
                    }
                }
                assertThat(commandsSeen).isEqualTo(typed.size());
            }
        }
    }
}
