package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.testsupport.SharedClasses;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A process of its own that is killed with SIGKILL: the main class of a test, which says a line when it has come far enough. */
final class Child implements AutoCloseable {
    /** How a JVM is started, with an archive of its classes: there are many such processes. */
    private static final class Java {
        static final List<String> COMMAND = command();

        private static List<String> command() {
            try (TestDatabase postgres = TestDatabase.create(Backend.POSTGRES)) {
                List<Path> jars = SharedClasses.jars(Path.of("target", "test-classes.jar"));
                List<String> command = new ArrayList<>(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
                command.addAll(SharedClasses.options(
                        Path.of("target", "test-classes.jsa"), jars, Usual.class.getName(), postgres.url()));
                command.add("-cp");
                command.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
                return List.copyOf(command);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Does what most of them do: their classes are in the archive. */
    static final class Usual {
        public static void main(String[] urls) {
            WorkflowDefinition workflow = WorkflowDefinition.named("usual")
                    .task("first", context -> context.put("first", context.attempt()))
                    .task("second", context -> context.put("second", 2), task -> task.after("first"))
                    .build();
            for (String url : urls) {
                try (Engine engine = Engine.builder(url).workflow(workflow).start()) {
                    UUID id = engine.submit("usual", Map.of("number", 1));
                    System.out.println(engine.await(id) + " " + engine.tasks(id)
                            + engine.context(id).json());
                }
            }
        }
    }

    private final Process process;
    private final BufferedReader output;
    private final List<String> unasked = new ArrayList<>();

    private Child(Process process) {
        this.process = process;
        // Whoever waits for a line that never comes sees the end of the process instead.
        CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS).execute(process::destroyForcibly);
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Child start(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(Java.COMMAND);
        // Tasks fail because they are meant to; what else is logged is seen.
        command.add("-Dorg.slf4j.simpleLogger.log.io.cloacina.engine.internal.run.FailureLog=error");
        command.add(main.getName());
        command.addAll(Arrays.asList(arguments));
        try {
            return new Child(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for a line that begins with this, and returns what follows; its threads may speak in any order. */
    String said(String begin) {
        Optional<String> found =
                unasked.stream().filter(line -> line.startsWith(begin)).findFirst();
        if (found.isPresent()) {
            unasked.remove(found.get());
            return found.get().substring(begin.length()).strip();
        }
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(begin)) {
                    return line.substring(begin.length()).strip();
                }
                unasked.add(line);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("the process ended before it said '" + begin + "'");
    }

    /** Its exit code, when it has ended by itself. */
    int exitCode() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills it as {@code kill -9} does. */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(process.isAlive()).isFalse();
    }

    @Override
    public void close() {
        kill();
    }
}
