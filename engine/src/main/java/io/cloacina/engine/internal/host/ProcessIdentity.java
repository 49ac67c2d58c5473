package io.cloacina.engine.internal.host;

/**
 * Identifies the process of a runner by its host, the boot of that host (with the name spaces of its process ids and times),
 * its process id and its start.
 *
 * @param start distinguishes it from another process that got the same id
 */
public record ProcessIdentity(String host, String bootId, long pid, String start) {
    /** A process with this value cannot be compared with others. */
    static final String UNKNOWN = "unknown";

    /** Whether both are of the same boot of the same host, so that one can find out whether the other has ended. */
    boolean hasBootOf(ProcessIdentity other) {
        return !bootId.equals(UNKNOWN) && bootId.equals(other.bootId) && host.equals(other.host);
    }
}
