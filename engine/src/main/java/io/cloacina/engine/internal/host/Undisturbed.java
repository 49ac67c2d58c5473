package io.cloacina.engine.internal.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in threads that are interrupted: an interrupt would close a file under whoever reads or writes it. */
public final class Undisturbed {
    private Undisturbed() {}

    /** Reads or writes a file from its beginning; doing it again does no harm. */
    public interface Work<R> {
        R run() throws IOException;
    }

    /** The first bytes of a file; a device may have more of them than its size tells. */
    public static byte[] firstBytes(Path file, long most) throws IOException {
        return get(() -> {
            try (InputStream bytes = Files.newInputStream(file)) {
                return bytes.readNBytes((int) Math.min(most, Integer.MAX_VALUE));
            }
        });
    }

    /** Begins again when an interrupt comes; it is kept for whoever asks for it. */
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
