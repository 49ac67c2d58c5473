package io.cloacina.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process of the same Java with the same class path. */
public final class FreshJvm {
    /** The property with further options of the JVM, one in a line: where no figure counts, it has only to start quickly. */
    public static final String OPTIONS = "cloacina.benchmarks.jvm";

    /** The property with another order of the class path. */
    public static final String CLASS_PATH = "cloacina.benchmarks.class-path";

    private FreshJvm() {}

    /**
     * Runs a main class to its end and returns what it wrote.
     *
     * @param input for its standard input; not as an argument, which everybody on the machine may read: a URL may hold a
     *     password
     */
    public static String run(Class<?> main, String input) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command(main))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream childInput = child.getOutputStream()) {
            childInput.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (child.waitFor() != 0) {
            throw new IOException("a fresh JVM with " + main.getSimpleName() + " failed, see above");
        }
        return output;
    }

    /** The command that runs a main class, without anything that others on the machine must not read. */
    public static List<String> command(Class<?> main, String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(jvmOptions));
        command.addAll(System.getProperty(OPTIONS, "").lines().toList());
        String classPath = System.getProperty(CLASS_PATH, System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, main.getName()));
        return command;
    }
}
