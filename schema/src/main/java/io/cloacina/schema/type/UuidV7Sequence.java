package io.cloacina.schema.type;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Creates strictly increasing UUIDs of version 7: RFC 9562 section 5.7, with method 3 of section 6.2. The 48 bits of
 * Unix milliseconds are followed by 12 bits of the fraction of the millisecond in {@code rand_a}; together they are one
 * counter, which takes the time, or its last value plus one if the time has not advanced. 62 random bits fill
 * {@code rand_b}. Thread safe.
 */
final class UuidV7Sequence {
    static final UuidV7Sequence OF_THIS_PROCESS =
            new UuidV7Sequence(InstantSource.system(), new SplittableRandom(new SecureRandom().nextLong()));

    private static final int FRACTION_BITS = 12;
    private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT_10 = 1L << 63;

    private final InstantSource clock;
    private final SplittableRandom random;
    private long last;

    UuidV7Sequence(InstantSource clock, SplittableRandom random) {
        this.clock = clock;
        this.random = random;
    }

    UUID next() {
        long now = millisAndFraction(clock.instant());
        long time;
        long noise;
        synchronized (this) {
            last = Math.max(last + 1, now);
            time = last;
            noise = random.nextLong();
        }
        return of(time, noise >>> 2);
    }

    /** The smallest UUID of an instant between 1970 and the year 9999. */
    static UUID first(Instant instant) {
        return of(millisAndFraction(instant), 0);
    }

    private static UUID of(long time, long noise) {
        long high = (time >>> FRACTION_BITS) << 16 | VERSION_7 | (time & FRACTION_MASK);
        return new UUID(high, noise | VARIANT_10);
    }

    private static long millisAndFraction(Instant instant) {
        long nano = instant.getNano();
        long millis = instant.getEpochSecond() * MILLIS_PER_SECOND + nano / NANOS_PER_MILLI;
        return millis << FRACTION_BITS | (nano % NANOS_PER_MILLI << FRACTION_BITS) / NANOS_PER_MILLI;
    }
}
