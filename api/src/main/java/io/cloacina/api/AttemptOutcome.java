package io.cloacina.api;

/** How an attempt of a task ended. */
public enum AttemptOutcome implements Labeled {
    /** It returned. */
    COMPLETED("Completed"),
    /**
     * It threw, or was stopped by a deadline or a cancellation with compensation. Whether it was tried again shows in the
     * next attempt.
     */
    FAILED("Failed"),
    /** It took longer than the task's timeout. */
    TIMED_OUT("TimedOut"),
    /** Its runner was closed, or lost its claim, and gave it back: no failure. */
    INTERRUPTED("Interrupted"),
    /** Its runner died. */
    RUNNER_DIED("RunnerDied"),
    /** It ended without its body having run. */
    SKIPPED("Skipped"),
    /** Its execution was cancelled. */
    CANCELLED("Cancelled");

    private final String label;

    AttemptOutcome(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
