package io.cloacina.engine.model;

import java.util.Locale;

/**
 * A number that was counted up to a bound, so that counting never takes long.
 *
 * @param atLeast what was counted
 * @param isMore whether there is more than that
 */
public record Count(long atLeast, boolean isMore) {
    /** Whether there is none. */
    public boolean isZero() {
        return atLeast == 0 && !isMore;
    }

    /** {@code 1,234}, or {@code 10,000+}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d", atLeast) + (isMore ? "+" : "");
    }
}
