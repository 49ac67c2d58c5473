package io.cloacina.engine.internal.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes files in threads that may be interrupted: an interrupt would close the file in use. */
public final class UninterruptibleFiles {
    private UninterruptibleFiles() {}

    /** Reads or writes a file from its beginning, so that it can be repeated. */
    public interface Work<R> {
        R run() throws IOException;
    }

    /** The first bytes of a file, which, for a device, may be more than its size says. */
    public static byte[] firstBytes(Path file, long most) throws IOException {
        return get(() -> {
            try (InputStream bytes = Files.newInputStream(file)) {
                return bytes.readNBytes((int) Math.min(most, Integer.MAX_VALUE));
            }
        });
    }

    /** Repeats the work when an interrupt closed the file; the thread is interrupted again afterwards. */
    public static <R> R get(Work<R> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
