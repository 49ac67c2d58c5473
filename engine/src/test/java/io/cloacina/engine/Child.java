package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process of its own that is killed with SIGKILL: the main class of a test, which says a line when it has come far enough. */
final class Child implements AutoCloseable {
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
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
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
        Optional<String> heard =
                unasked.stream().filter(line -> line.startsWith(begin)).findFirst();
        if (heard.isPresent()) {
            unasked.remove(heard.get());
            return heard.get().substring(begin.length()).strip();
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
