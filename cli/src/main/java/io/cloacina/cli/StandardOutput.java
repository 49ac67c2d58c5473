package io.cloacina.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The standard output of the process. Writers hide from a command that a disk is full, so this remembers it, and the
 * end of the process reports it, whatever the command was.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private @Nullable IOException failure;

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /** After the first failure nothing more is written: a part that is missing in the middle would not be seen. */
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** The exit code of a process whose command ended with that one; reports on stderr that output was lost. */
    synchronized int exitCode(int code, PrintStream err) {
        if (failure == null || isReaderGone(failure)) {
            return code;
        }
        err.println("cloacina: the output could not be written: " + failure.getMessage());
        return code == ExitCode.FINE ? ExitCode.NOT_WRITTEN : code;
    }

    /**
     * As after {@code | head -1}: a reader that closes a pipe has read enough. Messages of the system may be in any
     * language.
     */
    private static boolean isReaderGone(IOException failure) {
        if (String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
            return true;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
