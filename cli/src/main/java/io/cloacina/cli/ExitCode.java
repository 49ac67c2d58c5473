package io.cloacina.cli;

/** How a command ended. */
final class ExitCode {
    /** It did what it was asked to. */
    static final int FINE = 0;

    /** It worked, and what it looked at is not as it should be. */
    static final int FOUND_FAULTS = 1;

    /** It could not do what it was asked to. */
    static final int CANNOT = 2;

    private ExitCode() {}
}
