package io.cloacina.engine.internal.host;

/**
 * Which process a runner is: host, boot of that host (with the name spaces of its process ids and times), process id and start.
 *
 * @param start by which another process that got the same id is told from it
 */
public record ProcessIdentity(String host, String bootId, long pid, String start) {
    /** Nothing can be told by it. */
    static final String UNKNOWN = "unknown";

    /** Whether both are of one boot of one host, so that one can see what became of the other. */
    boolean hasBootOf(ProcessIdentity other) {
        return !bootId.equals(UNKNOWN) && bootId.equals(other.bootId) && host.equals(other.host);
    }
}
