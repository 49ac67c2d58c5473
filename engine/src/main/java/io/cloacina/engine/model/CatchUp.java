package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CatchUpPolicy;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.time.Duration;

/**
 * What a schedule does with occurrences that it missed, because no process with its workflow was running. An occurrence
 * is missed when it is more than {@link #LATE} late; until then it always fires.
 *
 * @param policy whether missed occurrences are dropped, or how many executions they get
 * @param atMost the maximum number of missed occurrences that are run under {@link CatchUpPolicy#RUN_ALL}, the latest
 *     ones; from 1 to 10,000
 * @param maxAge the greatest age of a missed occurrence that is run, up to 3,650 days
 */
public record CatchUp(CatchUpPolicy policy, int atMost, Duration maxAge) {
    /** How late an occurrence may be before it counts as missed: one minute. */
    public static final Duration LATE = Duration.ofMinutes(1);

    private static final int MAX_NUMBER = 10_000;
    private static final Duration MAX_AGE = Duration.ofDays(3_650);

    /**
     * @throws CloacinaException if a bound is out of range
     */
    public CatchUp {
        Arguments.given("the policy", policy);
        Arguments.number(
                ErrorCodes.INVALID_CATCH_UP, "the number of missed occurrences to run must be", atMost, 1, MAX_NUMBER);
        if (Arguments.given("the age", maxAge).compareTo(LATE) < 0 || maxAge.compareTo(MAX_AGE) > 0) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_CATCH_UP,
                    "the maximum age of a missed occurrence must be from " + LATE + " to " + MAX_AGE + ", not "
                            + maxAge);
        }
        maxAge = Duration.ofSeconds(maxAge.toSeconds());
    }

    /** Missed occurrences are dropped. */
    public static CatchUp skip() {
        return new CatchUp(CatchUpPolicy.SKIP, 1, MAX_AGE);
    }

    /** The latest missed occurrence stands for all, unless one that is not missed is due at the same time. */
    public static CatchUp runOnce() {
        return new CatchUp(CatchUpPolicy.RUN_ONCE, 1, MAX_AGE);
    }

    /** As {@link #runOnce()}, if the latest missed occurrence is not older than {@code maxAge}. */
    public static CatchUp runOnce(Duration maxAge) {
        return new CatchUp(CatchUpPolicy.RUN_ONCE, 1, maxAge);
    }

    /**
     * Each missed occurrence is run, but at most the latest {@code atMost}, and none that is older than {@code maxAge}.
     */
    public static CatchUp runAll(int atMost, Duration maxAge) {
        return new CatchUp(CatchUpPolicy.RUN_ALL, atMost, maxAge);
    }
}
