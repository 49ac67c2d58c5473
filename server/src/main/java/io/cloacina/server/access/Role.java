package io.cloacina.server.access;

/** What a caller may do. Each role includes the roles before it. */
public enum Role {
    /** Reads everything and changes nothing. */
    READ,
    /** Submits, signals, cancels, pauses, resumes, retries and restarts; fires, enables and disables schedules. */
    OPERATE,
    /** Stores and deletes schedules, in addition. */
    ADMIN;

    /** Whether this role includes the other one. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
