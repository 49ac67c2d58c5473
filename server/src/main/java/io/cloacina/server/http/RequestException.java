package io.cloacina.server.http;

import io.cloacina.api.CloacinaException;

/** A request that is answered with an error: {@link #status} is the HTTP status, {@link #code} a code of Cloacina. */
public final class RequestException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** With a code, an HTTP status, and a message that says what to do. */
    public RequestException(String code, int status, String message) {
        super(code, message);
        this.status = status;
    }

    /** The HTTP status, such as 404. */
    public int status() {
        return status;
    }

    /** The HTTP status for an error of the engine. */
    public static int statusOf(CloacinaException failure) {
        if (failure instanceof RequestException refused) {
            return refused.status();
        }
        String code = failure.code();
        if (code.startsWith("UNKNOWN_")) {
            return 404;
        }
        return switch (code) {
            case "EXECUTION_STATE", "RETRY_AFTER_COMPENSATION", "RETRY_OF_CHILD", "RESTART_REFUSED" -> 409;
            case "INCOMPATIBLE_VERSION", "EVENTS_OFF", "ALERTS_OFF" -> 409;
            case "HOOK_SIGNATURE" -> 401;
            case "ENGINE_CLOSED", "ENGINE_NOT_RUNNING", "ENGINE_INTERRUPTED", "EVENTS_UNSEEN" -> 503;
            default -> failure instanceof io.cloacina.schema.database.DatabaseException ? 503 : 400;
        };
    }
}
