package io.cloacina.server.access;

/** What a caller may do; each role may do all that those before it may. */
public enum Role {
    /** Sees everything, and changes nothing. */
    READ,
    /** Submits, signals, cancels, pauses, resumes, retries and restarts; fires, enables and disables schedules. */
    OPERATE,
    /** Stores and deletes schedules as well. */
    ADMIN;

    /** Whether a caller of this role may do what needs the other. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
