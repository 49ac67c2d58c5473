package io.cloacina.server.http;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;

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
            case ErrorCodes.EXECUTION_STATE,
                    ErrorCodes.RETRY_AFTER_COMPENSATION,
                    ErrorCodes.RETRY_OF_CHILD,
                    ErrorCodes.RESTART_REFUSED -> 409;
            case ErrorCodes.INCOMPATIBLE_VERSION, ErrorCodes.EVENTS_OFF, ErrorCodes.ALERTS_OFF -> 409;
            case ErrorCodes.HOOK_SIGNATURE -> 401;
            case ErrorCodes.ENGINE_CLOSED,
                    ErrorCodes.ENGINE_NOT_RUNNING,
                    "ENGINE_INTERRUPTED",
                    ErrorCodes.EVENTS_UNSEEN -> 503;
            default -> failure instanceof io.cloacina.schema.database.DatabaseException ? 503 : 400;
        };
    }
}
