package io.cloacina.server.access;

/** What a caller may do. Each role includes the roles before it. */
public enum Role {
    /** Reads everything but webhooks, alerts and the audit log; changes nothing. */
    READ,
    /**
     * In addition: submits, signals, cancels, pauses, resumes, retries and restarts executions, also in bulk; fires,
     * enables and disables schedules.
     */
    OPERATE,
    /**
     * In addition: stores and deletes schedules, webhooks and alerts; deletes packages and executions; reads the audit
     * log.
     */
    ADMIN;

    /** Whether this role includes the other one. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
