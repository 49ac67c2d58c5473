package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;

/** How a command ended. */
final class ExitCode {
    /** It did what it was asked to. */
    static final int FINE = 0;

    /** It worked, and what it looked at is not as it should be: the execution failed, there are differences. */
    static final int FOUND_FAULTS = 1;

    /** It worked, and what it printed could not be written. */
    static final int NOT_WRITTEN = 1;

    /** It could not do what it was asked to. */
    static final int CANNOT = 2;

    /** There is nothing of that name or id. */
    static final int NOT_FOUND = 3;

    /** What it was asked to do cannot be done to that, as it is now. */
    static final int REFUSED = 4;

    /** The execution that it waited for was cancelled. */
    static final int CANCELLED = 5;

    /** The execution that it waited for was not finished in time. */
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
        return code.equals("EXECUTION_STATE") || code.startsWith("PACKAGE_") ? REFUSED : CANNOT;
    }
}
