package io.cloacina.engine;

import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;

/** The clock of one runner: it goes on with the time of the simulation, and is set now and then, by hours, on or back. */
final class SimulatedClock extends Clock {
    private static final int HOURS = 12;

    private final InstantSource time;
    private Duration wrong = Duration.ZERO;

    SimulatedClock(InstantSource time) {
        this.time = time;
    }

    /** Sets it to any time around the right one. */
    void set(Random random) {
        wrong = Duration.ofSeconds((long) random.nextInt(2 * HOURS * 3_600) - HOURS * 3_600);
    }

    UniversalTimestamp timestamp() {
        return UniversalTimestamp.of(instant());
    }

    @Override
    public Instant instant() {
        return time.instant().plus(wrong);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants only");
    }

    @Override
    public String toString() {
        return "clock at " + instant();
    }
}
