package io.cloacina.testing;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. Thread safe. */
public final class ManualClock extends Clock {
    /** The default start of a clock: 2 January 2026, 03:04:05 UTC. */
    public static final Instant DEFAULT_START = Instant.parse("2026-01-02T03:04:05Z");

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    /** A clock that stands at {@link #DEFAULT_START}. */
    public ManualClock() {
        this(DEFAULT_START);
    }

    /** A clock that stands at that instant. */
    public ManualClock(Instant start) {
        this(new AtomicReference<>(checked(start)), ZoneOffset.UTC);
    }

    private ManualClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Moves the clock forward.
     *
     * @throws CloacinaException if the duration is negative (use {@link #set} instead), or the result is after the year
     *     9999
     */
    public void advance(Duration by) {
        if (Arguments.given("the time to advance the clock by", by).isNegative()) {
            throw Arguments.invalid(
                    "a clock cannot advance by " + Arguments.span(by) + ": use set(Instant) to set it back");
        }
        now.updateAndGet(before -> {
            Duration left = Duration.between(before, Arguments.LATEST);
            if (by.compareTo(left) > 0) {
                throw Arguments.invalid("a clock cannot pass " + Arguments.LATEST + ", but at " + before
                        + " it was advanced by " + Arguments.span(by));
            }
            return before.plus(by);
        });
    }

    /**
     * Sets the clock, forward or back.
     *
     * @throws CloacinaException if it is not from the year 1 to the year 9999
     */
    public void set(Instant instant) {
        now.set(checked(instant));
    }

    /** Other instants cannot be stored. */
    private static Instant checked(Instant instant) {
        return Arguments.instant(Arguments.INVALID, "the instant of a clock", instant);
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Returns the same clock in another zone: moving one moves both. */
    @Override
    public ManualClock withZone(ZoneId other) {
        return new ManualClock(now, Arguments.given("the zone", other));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ManualClock clock && clock.now == now && clock.zone.equals(zone);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(now);
    }

    /** The instant at which the clock stands. */
    @Override
    public String toString() {
        return "ManualClock at " + instant();
    }
}
