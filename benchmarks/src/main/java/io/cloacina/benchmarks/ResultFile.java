package io.cloacina.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures for machines, with what is needed to measure them again.
 *
 * @param command how to measure again
 * @param commit of the working directory, null outside a checkout
 * @param jdk name and version
 * @param backend names and versions of the databases
 * @param settings what was measured, and how much of it
 * @param results the figures
 */
public record ResultFile(
        String command,
        @Nullable String commit,
        String jdk,
        String backend,
        Map<String, ?> settings,
        List<Figure> results) {
    /** With the commit and the JDK of this process. */
    public static ResultFile of(String command, String backend, Map<String, ?> settings, List<Figure> results)
            throws InterruptedException {
        return new ResultFile(command, commitInUse(), jdkInUse(), backend, settings, results);
    }

    /** Writes it as JSON. */
    public void write(File file) throws IOException {
        new ObjectMapper()
                .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(file, this);
    }

    /** Name and version of the JVM. */
    public static String jdkInUse() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    /** The commit of the working directory, with {@code -dirty} if it has changes; null outside a checkout. */
    private static @Nullable String commitInUse() throws InterruptedException {
        try {
            String commit = git("rev-parse", "HEAD");
            return git("status", "--porcelain", "--untracked-files=no").isEmpty() ? commit : commit + "-dirty";
        } catch (IOException e) {
            return null;
        }
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("git " + arguments[0] + " failed");
        }
        return output;
    }
}
