package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of others, compiled and run against the jars as they come out of the build: on the module path and on the class path. */
@Timeout(120)
class ModulesIT {
    private static final String MODULE = """
            module consumer {
                requires io.cloacina.engine;

                exports consumer;
            }
            """;
    private static final String PROGRAM = """
            package consumer;

            import io.cloacina.api.WorkflowDefinition;
            import io.cloacina.engine.Engine;
            import io.cloacina.engine.model.Execution;
            import java.util.Map;

            public class Program {
                public static void main(String[] arguments) throws Exception {
                    WorkflowDefinition greeting = WorkflowDefinition.named("greeting")
                            .task("greet", context -> context.put("text", "hello " + context.get("name", String.class)))
                            .build();
                    try (Engine engine = Engine.builder("sqlite::memory:").workflow(greeting).start()) {
                        Execution ended = engine.await(engine.submit("greeting", Map.of("name", "Ada")));
                        System.out.println(ended.status() + " " + engine.context(ended.id()).get("text", String.class));
                    }
                }
            }
            """;
    private static final String TESTED_MODULE = """
            module consumer {
                requires io.cloacina.testing;

                exports consumer;
            }
            """;
    private static final String TESTED = """
            package consumer;

            import static io.cloacina.testing.CloacinaAssertions.assertThat;

            import io.cloacina.api.WorkflowDefinition;
            import io.cloacina.testing.TestEngine;
            import java.util.Map;
            import java.util.UUID;

            public class Program {
                public static void main(String[] arguments) {
                    WorkflowDefinition greeting =
                            WorkflowDefinition.named("greeting").task("greet", context -> {}).build();
                    try (TestEngine engine =
                            TestEngine.on("sqlite::memory:").workflow(greeting).start()) {
                        UUID id = engine.submit("greeting", Map.of());
                        engine.tick();
                        assertThat(engine, id).isCompleted();
                        System.out.println("tested by " + TestEngine.class.getModule());
                    }
                }
            }
            """;
    private static final String INTRUDER = """
            package consumer;

            public class Program {
                Object claimed = io.cloacina.engine.internal.store.TaskStore.CLAIM;
            }
            """;

    @TempDir
    Path folder;

    @Test
    void a_module_uses_the_facade() throws Exception {
        assertThat(runAsModule(libraries(), MODULE, PROGRAM)).contains("COMPLETED hello Ada");
    }

    @Test
    void a_module_uses_the_support_for_tests() throws Exception {
        String libraries = libraries()
                + File.pathSeparator
                + jars("(cloacina-testing|assertj-core|byte-buddy|junit-jupiter-api|junit-platform-commons|opentest4j"
                        + "|apiguardian-api|jspecify)-.*\\.jar");

        assertThat(runAsModule(libraries, TESTED_MODULE, TESTED)).contains("tested by module io.cloacina.testing");
    }

    @Test
    void a_module_cannot_use_the_parts_of_the_engine() throws Exception {
        assertThat(compiled(List.of("--module-path", libraries()), MODULE, INTRUDER))
                .contains("io.cloacina.engine.internal.store")
                .contains("does not export it");
    }

    @Test
    void a_program_on_the_class_path_uses_the_facade() throws Exception {
        assertThat(compiled(List.of("-cp", libraries()), PROGRAM)).isEmpty();
        assertThat(run(List.of(
                        tool("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        libraries() + File.pathSeparator + classes(),
                        "consumer.Program")))
                .contains("COMPLETED hello Ada");
    }

    private Path classes() {
        return folder.resolve("classes");
    }

    /** The jars that an application has which depends on the engine, and no other. */
    private static String libraries() {
        return jars("(cloacina-(api|cron|schema|engine)-[^-]*(-SNAPSHOT)?"
                + "|jackson-.*|slf4j-.*|HikariCP-.*|sqlite-jdbc-.*|postgresql-.*)\\.jar");
    }

    private static String jars(String names) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> Path.of(entry).getFileName().toString().matches(names))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String runAsModule(String libraries, String module, String program)
            throws IOException, InterruptedException {
        assertThat(compiled(List.of("--module-path", libraries), module, program))
                .isEmpty();
        return run(List.of(
                tool("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--module-path",
                libraries + File.pathSeparator + classes(),
                "-m",
                "consumer/consumer.Program"));
    }

    private String compiled(List<String> options, String... sources) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                tool("javac"),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-proc:none",
                "-d",
                classes().toString()));
        command.addAll(options);
        for (String source : sources) {
            Path file = folder.resolve(source.startsWith("module") ? "module-info.java" : "Program.java");
            Files.writeString(file, source);
            command.add(file.toString());
        }
        return run(command);
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
