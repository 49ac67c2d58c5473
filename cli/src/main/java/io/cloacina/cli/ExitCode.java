package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;

/** How a command ended. */
final class ExitCode {
    /** Success. */
    static final int FINE = 0;

    /** The command worked, but its subject is not as it should be: the execution failed, there are differences. */
    static final int FOUND_FAULTS = 1;

    /** The command worked, but its output could not be written. */
    static final int NOT_WRITTEN = 1;

    /** The command failed. */
    static final int CANNOT = 2;

    /** Nothing has that name or id. */
    static final int NOT_FOUND = 3;

    /** Refused: the current state does not allow it. */
    static final int REFUSED = 4;

    /** The awaited execution was cancelled. */
    static final int CANCELLED = 5;

    /** The awaited execution was not finished in time. */
    static final int NOT_IN_TIME = 6;

    private ExitCode() {}

    /** Of a command that waited for an execution. */
    static int of(ExecutionStatus status) {
        return switch (status) {
            case COMPLETED -> FINE;
            case FAILED -> FOUND_FAULTS;
            case CANCELLED -> CANCELLED;
            case PENDING, RUNNING, PAUSED -> NOT_IN_TIME;
        };
    }

    /** Of a command that threw. */
    static int of(Exception failure) {
        if (!(failure instanceof CloacinaException known)) {
            return CANNOT;
        }
        String code = known.code();
        if (code.startsWith("UNKNOWN_")) {
            return NOT_FOUND;
        }
        return code.equals(ErrorCodes.EXECUTION_STATE)
                        || code.startsWith("RETRY_")
                        || code.equals(ErrorCodes.RESTART_REFUSED)
                        || code.equals(ErrorCodes.INCOMPATIBLE_VERSION)
                        || code.startsWith("PACKAGE_")
                ? REFUSED
                : CANNOT;
    }
}
