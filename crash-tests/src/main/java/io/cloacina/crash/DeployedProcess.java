package io.cloacina.crash;

import io.cloacina.api.TaskContext;
import io.cloacina.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A process that runs one version of the workflow until its input ends or it is killed. It appends a line to a file for each body
 * that begins: the execution and the task. This class is its main class.
 */
final class DeployedProcess {
    private DeployedProcess() {}

    /** The arguments: the database, the version, how long a task sleeps in milliseconds, the file. */
    public static void main(String[] arguments) throws IOException {
        Duration rest = Duration.ofMillis(Long.parseLong(arguments[2]));
        try (FileChannel file =
                        FileChannel.open(Path.of(arguments[3]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Engine engine = Engine.builder(arguments[0])
                        .workflow(DeployedVersions.of(
                                Integer.parseInt(arguments[1]), rest, context -> record(context, file)))
                        .lease(Duration.ofSeconds(3))
                        .slots(8)
                        .keepForever()
                        .start()) {
            while (System.in.read() >= 0) {
                engine.isRunning();
            }
        }
    }

    private static void record(TaskContext context, FileChannel file) {
        String line = context.executionId() + " " + context.taskName() + "\n";
        try {
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
