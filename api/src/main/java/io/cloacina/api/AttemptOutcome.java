package io.cloacina.api;

/** How an attempt of a task ended. */
public enum AttemptOutcome implements Labeled {
    /** The body returned. */
    COMPLETED("Completed"),
    /**
     * The body threw, or the attempt was ended by a deadline or by a cancellation with compensation. Whether it was
     * retried shows in the existence of a next attempt.
     */
    FAILED("Failed"),
    /** The body took longer than the task's timeout. */
    TIMED_OUT("TimedOut"),
    /**
     * The runner was closed or lost its claim before the body ended, or its executor refused the body. It does not
     * count as a failure.
     */
    INTERRUPTED("Interrupted"),
    /** The runner died. */
    RUNNER_DIED("RunnerDied"),
    /** The attempt ended without its body having run. */
    SKIPPED("Skipped"),
    /** The execution was cancelled. */
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
