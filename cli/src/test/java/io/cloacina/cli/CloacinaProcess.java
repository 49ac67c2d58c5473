package io.cloacina.cli;

import io.cloacina.schema.testsupport.SharedClasses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** The command as a user has it: the jar in a process of its own, its output in a pipe. */
final class CloacinaProcess implements AutoCloseable {
    /** As the script does that users start, with an archive of the classes of the jar, for a quick start counts. */
    private static final class Started {
        static final List<String> COMMAND = command();

        private static List<String> command() {
            Path jar = Path.of(Objects.requireNonNull(System.getProperty("cloacina.jar"), "cloacina.jar is not set"));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1"));
            try {
                Path archive = jar.resolveSibling("test-classes.jsa");
                command.addAll(SharedClasses.options(archive, List.of(jar), ClassArchive.class.getName()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            command.addAll(List.of("-jar", jar.toString()));
            return List.copyOf(command);
        }
    }

    private final Process process;
    private final BufferedReader out;
    private final Path err;
    private final List<String> lines = new ArrayList<>();

    private CloacinaProcess(Process process, Path err) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.err = err;
    }

    /** How it ended. */
    record Finished(int exitCode, List<String> out, List<String> err) {
        String outText() {
            return String.join("\n", out) + "\n";
        }
    }

    static CloacinaProcess start(Path folder, String... arguments) {
        try {
            List<String> command = new ArrayList<>(Started.COMMAND);
            command.addAll(List.of(arguments));
            Path err = Files.createTempFile("cloacina-stderr", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
            // The JVM says on stderr that it has picked these up.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
            builder.environment().remove("CLOACINA_DATABASE");
            return new CloacinaProcess(builder.start(), err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Finished run(Path folder, String... arguments) {
        return start(folder, arguments).finish();
    }

    /** Reads its output until that many lines are as wanted. */
    void awaitLines(int number, Predicate<String> wanted) {
        try {
            while (lines.stream().filter(wanted).count() < number) {
                String line = out.readLine();
                if (line == null) {
                    throw new AssertionError("it ended early:\n" + String.join("\n", lines) + Files.readString(err));
                }
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("it has ended: " + finish());
        }
    }

    /** Gives it what it reads from stdin. */
    CloacinaProcess input(String text) {
        try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Does nothing when it has ended: a test that fails leaves nothing running. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Stops it as {@code kill} does, and ctrl-C. */
    Finished stop() {
        process.toHandle().destroy();
        return finish();
    }

    /** Kills it as {@code kill -9} does. */
    void kill() {
        process.toHandle().destroyForcibly();
        finish();
    }

    Finished finish() {
        try {
            out.lines().forEach(lines::add);
            int exitCode = process.waitFor();
            List<String> errors = Files.readAllLines(err);
            Files.delete(err);
            return new Finished(exitCode, List.copyOf(lines), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
