package io.cloacina.testing.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starts the main class of a test in a JVM of its own, with the class path of this one. */
final class OwnProcess {
    private OwnProcess() {}

    static Process start(Class<?> main, String argument, String... jvmOptions) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of(
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                argument));
        return new ProcessBuilder(command).inheritIO().start();
    }
}
