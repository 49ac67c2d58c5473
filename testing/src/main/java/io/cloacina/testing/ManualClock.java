package io.cloacina.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. Thread safe. */
public final class ManualClock extends Clock {
    /** Where a clock begins unless said: 2 January 2026, 03:04:05 UTC. */
    public static final Instant DEFAULT_START = Instant.parse("2026-01-02T03:04:05Z");

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    /** A clock that stands at {@link #DEFAULT_START}. */
    public ManualClock() {
        this(DEFAULT_START);
    }

    /** A clock that stands at that instant. */
    public ManualClock(Instant start) {
        this(new AtomicReference<>(Objects.requireNonNull(start, "the start")), ZoneOffset.UTC);
    }

    private ManualClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Moves the clock on.
     *
     * @throws IllegalArgumentException if that is back; {@link #set} does it
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock advances, but " + by + " is back: set(Instant) does that");
        }
        now.updateAndGet(before -> before.plus(by));
    }

    /** Sets the clock, on or back. */
    public void set(Instant instant) {
        now.set(Objects.requireNonNull(instant, "the instant"));
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same clock seen in another zone: moving one moves both. */
    @Override
    public ManualClock withZone(ZoneId other) {
        return new ManualClock(now, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ManualClock clock && clock.now == now && clock.zone.equals(zone);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(now);
    }

    /** The instant it stands at. */
    @Override
    public String toString() {
        return "ManualClock at " + instant();
    }
}
