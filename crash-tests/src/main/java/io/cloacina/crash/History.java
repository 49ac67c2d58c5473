package io.cloacina.crash;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one process saw, a line for each thing, in a file that is only appended to. Each line is one write to the operating
 * system, so that killing the process loses at most the line that it was about to write. Thread safe.
 */
final class History implements AutoCloseable {
    private static final String SUFFIX = ".history";

    // Not a channel: that is closed by the interrupt of a thread that writes, and bodies are interrupted.
    private final FileOutputStream file;

    History(Path folder, int process) throws IOException {
        this.file = new FileOutputStream(folder.resolve(process + SUFFIX).toFile(), true);
    }

    /** What a line is about; its fields. */
    enum Kind {
        /** Execution, token: {@code submit} returned. */
        SUBMITTED,
        /** Execution, idempotency key: {@code submit} returned. */
        SUBMITTED_WITH_KEY,
        /** Execution, order: the transaction that submitted it was committed. */
        JOINED,
        /** Execution: the transaction that submitted it was rolled back. */
        ROLLED_BACK,
        /** Execution: {@code cancel} returned. */
        CANCELLED,
        /** Execution: {@code retry} is about to be called. */
        RETRYING,
        /** Execution, task, attempt: a body begins. */
        STARTED,
        /** Execution, task, attempt: a body has ended, somehow. */
        RETURNED,
        /** Execution, name: {@code signal} returned. */
        SIGNALLED,
        /** Execution, task, attempt: the engine told that it is committed. */
        COMPLETED,
        /** Execution, status: the engine told that it ended. */
        ENDED,
        /** Execution, task, dependency, its status: a body began before its dependency was seen to have ended. */
        TOO_EARLY,
        /** Text: an error that nothing explains. */
        PROBLEM
    }

    /** One line. */
    record Line(int process, Kind kind, long micros, List<String> fields) {
        String field(int index) {
            return fields.get(index);
        }
    }

    void write(Kind kind, Object... fields) {
        StringBuilder line = new StringBuilder(kind.name()).append('\t').append(micros(Instant.now()));
        for (Object field : fields) {
            line.append('\t').append(String.valueOf(field).replaceAll("\\s+", " "));
        }
        byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (this) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** All lines of all processes in that folder; those of one process are in their order. */
    static List<Line> readAll(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
        List<Line> lines = new ArrayList<>();
        for (Path path : files) {
            String name = String.valueOf(path.getFileName());
            int process = Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
            String text = Files.readString(path);
            // What comes after the last line's end was cut off by the kill.
            text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> lines.add(line(process, line)));
        }
        return lines;
    }

    private static Line line(int process, String text) {
        List<String> parts = Arrays.asList(text.split("\t", -1));
        return new Line(
                process,
                Kind.valueOf(parts.get(0)),
                Long.parseLong(parts.get(1)),
                List.copyOf(parts.subList(2, parts.size())));
    }
}
