package io.cloacina.engine;

import io.cloacina.schema.type.UniversalTimestamp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which process a runner is: host, boot of that host (with the name space of its process ids), process id and start. Tells
 * that a process of the same boot is gone; of any other process it says nothing.
 */
record ProcessIdentity(String host, String bootId, long pid, UniversalTimestamp startedAt) {
    private static final String UNKNOWN = "unknown";

    /** Systems derive the start from ticks since a boot time that clock corrections move a little. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    static ProcessIdentity ofThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        Instant start = self.info().startInstant().orElse(Instant.EPOCH);
        return new ProcessIdentity(hostName(), bootOfThisHost(), self.pid(), UniversalTimestamp.of(start));
    }

    /** Whether this process is known to be dead, seen from {@code observer}. When in doubt it is not. */
    boolean isKnownDead(ProcessIdentity observer) {
        if (bootId.equals(UNKNOWN) || !bootId.equals(observer.bootId) || !host.equals(observer.host)) {
            return false;
        }
        Optional<ProcessHandle> found = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (found.isEmpty()) {
            return true;
        }
        // Another process may have got the number since.
        return found.get()
                .info()
                .startInstant()
                .map(start ->
                        Duration.between(startedAt.toInstant(), start).abs().compareTo(START_TOLERANCE) > 0)
                .orElse(false);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }

    /** Linux tells both; elsewhere the lease decides. */
    private static String bootOfThisHost() {
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            String processIds =
                    Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return boot + "/" + processIds.replaceAll("[^0-9]", "");
        } catch (IOException | UnsupportedOperationException e) {
            return UNKNOWN;
        }
    }
}
