package io.cloacina.engine.internal.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Information about the processes of this host, from the directory {@code /proc} of Linux. Only values that do not change when
 * the clock is set are used: the start time that the JDK gives, for example, is derived from the time of the boot, which moves
 * with the clock. On other systems, and where the directory does not show everything, other processes are unknown.
 */
public final class Processes {
    private static final String UNKNOWN = ProcessIdentity.UNKNOWN;

    /**
     * The index, among the fields after the name in {@code /proc/PID/stat}, of the 22nd field of the line. See
     * proc_pid_stat(5).
     */
    private static final int START = 22 - 3;

    public static final Processes OF_THIS_HOST =
            new Processes(Path.of("/proc"), ProcessHandle.current().pid());

    private final Path folder;
    private final ProcessIdentity self;

    /** {@code folder}: as {@code /proc}. */
    public Processes(Path folder, long pid) {
        this.folder = folder;
        String boot = showsEverything(pid) ? boot() : UNKNOWN;
        this.self = new ProcessIdentity(host(), boot, pid, boot.equals(UNKNOWN) ? UNKNOWN : start(pid));
    }

    public ProcessIdentity self() {
        return self;
    }

    /** Whether that process has certainly ended; false if unknown. */
    public boolean isGone(ProcessIdentity other) {
        if (!other.hasBootOf(self)) {
            return false;
        }
        if (Files.notExists(of(other.pid()))) {
            return true;
        }
        String start = start(other.pid());
        // Another process may have got the same id since.
        return !start.equals(UNKNOWN) && !other.start().equals(UNKNOWN) && !start.equals(other.start());
    }

    /**
     * False if the directory is that of another name space of process ids, where the numbers mean other processes, or hides the
     * processes of other users (hidepid): then process 1, which always exists, is hidden too.
     */
    private boolean showsEverything(long pid) {
        try {
            return Files.readSymbolicLink(folder.resolve("self")).toString().equals(String.valueOf(pid))
                    && Files.exists(of(1));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The boot, and the name spaces within which a process id and the ticks of a start have the same meaning. */
    private String boot() {
        try {
            String boot = UninterruptibleFiles.get(() -> Files.readString(folder.resolve("sys/kernel/random/boot_id")))
                    .strip();
            return boot + "/" + nameSpace("pid") + "/" + nameSpace("time");
        } catch (IOException | UnsupportedOperationException e) {
            return UNKNOWN;
        }
    }

    private String nameSpace(String kind) throws IOException {
        try {
            return Files.readSymbolicLink(folder.resolve("self/ns/" + kind))
                    .toString()
                    .replaceAll("[^0-9]", "");
        } catch (NoSuchFileException e) {
            return ""; // Linux before 5.6 has no name space of time
        }
    }

    /** The start in ticks since the boot. The name before it, in parentheses, may contain spaces and parentheses itself. */
    private String start(long pid) {
        try {
            // ISO 8859-1, because the name need not be valid UTF-8.
            Path stat = of(pid).resolve("stat");
            String line = UninterruptibleFiles.get(() -> Files.readString(stat, StandardCharsets.ISO_8859_1));
            String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
            return fields.length > START ? fields[START] : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private Path of(long pid) {
        return folder.resolve(String.valueOf(pid));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
