package io.cloacina.engine.model;

import java.util.Locale;

/**
 * A count that stops at a bound, so that counting takes little time.
 *
 * @param atLeast the number that was counted
 * @param isMore whether counting stopped there because the bound was reached and there are more
 */
public record Count(long atLeast, boolean isMore) {
    /** Whether nothing was counted. */
    public boolean isZero() {
        return atLeast == 0 && !isMore;
    }

    /** {@code 1,234}, or {@code 10,000+}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d", atLeast) + (isMore ? "+" : "");
    }
}
