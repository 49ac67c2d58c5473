package io.cloacina.schema.type;

import io.cloacina.schema.internal.ArgumentChecks;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * An instant in UTC, in whole microseconds, from {@code 0001-01-01T00:00:00Z} to {@code 9999-12-31T23:59:59.999999Z}.
 * Finer instants are floored to the microsecond when the value is made, also before 1970: rounding, as PostgreSQL does
 * it, would turn {@code 23:59:59.999999999} into tomorrow.
 */
public final class UniversalTimestamp implements Comparable<UniversalTimestamp> {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final long MIN_SECOND = -62_135_596_800L;
    private static final long MAX_SECOND = 253_402_300_799L;

    /** {@code 0001-01-01T00:00:00.000000Z}. */
    public static final UniversalTimestamp MIN = new UniversalTimestamp(MIN_SECOND * MICROS_PER_SECOND);
    /** {@code 9999-12-31T23:59:59.999999Z}. */
    public static final UniversalTimestamp MAX = new UniversalTimestamp((MAX_SECOND + 1) * MICROS_PER_SECOND - 1);

    private final long epochMicros;

    private UniversalTimestamp(long epochMicros) {
        this.epochMicros = epochMicros;
    }

    /**
     * The instant, floored to the microsecond.
     *
     * @throws InvalidValueException outside {@link #MIN} to {@link #MAX}
     */
    public static UniversalTimestamp of(Instant instant) {
        ArgumentChecks.given("the instant", instant);
        long second = instant.getEpochSecond();
        if (second < MIN_SECOND || second > MAX_SECOND) {
            throw outOfRange(instant);
        }
        return new UniversalTimestamp(second * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO);
    }

    /**
     * A date and time in UTC, as read from PostgreSQL, floored to the microsecond.
     *
     * @throws InvalidValueException outside {@link #MIN} to {@link #MAX}, so also for PostgreSQL's infinities, which
     *     its driver reads as {@link LocalDateTime#MIN} and {@link LocalDateTime#MAX}
     */
    public static UniversalTimestamp of(LocalDateTime utc) {
        return of(ArgumentChecks.given("the date and time", utc).toInstant(ZoneOffset.UTC));
    }

    /**
     * The instant so many microseconds after the epoch.
     *
     * @param micros microseconds since 1970-01-01T00:00:00Z
     * @throws InvalidValueException outside {@link #MIN} to {@link #MAX}
     */
    public static UniversalTimestamp ofEpochMicros(long micros) {
        if (micros < MIN.epochMicros || micros > MAX.epochMicros) {
            throw outOfRange(micros + " microseconds since 1970");
        }
        return new UniversalTimestamp(micros);
    }

    /** The clock's instant, floored to the microsecond. */
    public static UniversalTimestamp now(Clock clock) {
        return of(ArgumentChecks.given("the clock", clock).instant());
    }

    /**
     * Reads exactly what {@link #toString} writes.
     *
     * @throws InvalidValueException for anything but 27 characters {@code uuuu-MM-ddTHH:mm:ss.SSSSSSZ} that are a date
     *     of the calendar from year 1 on, an hour below 24, and a second below 60
     */
    public static UniversalTimestamp parse(String text27) {
        return new UniversalTimestamp(TimestampText.parse(ArgumentChecks.given("the text of a timestamp", text27)));
    }

    /** Microseconds since 1970-01-01T00:00:00Z. */
    public long epochMicros() {
        return epochMicros;
    }

    public Instant toInstant() {
        return Instant.ofEpochSecond(second(), nanoOfSecond());
    }

    /** The date and time in UTC. */
    public LocalDateTime toLocalDateTime() {
        return LocalDateTime.ofEpochSecond(second(), nanoOfSecond(), ZoneOffset.UTC);
    }

    /**
     * This instant plus a duration, which may be negative; the sum is floored to the microsecond.
     *
     * @throws InvalidValueException if the sum is outside {@link #MIN} to {@link #MAX}
     */
    public UniversalTimestamp plus(Duration duration) {
        ArgumentChecks.given("the duration", duration);
        Instant sum;
        try {
            sum = toInstant().plus(duration);
        } catch (DateTimeException | ArithmeticException beyondInstant) {
            throw outOfRange(this + " plus " + duration);
        }
        return of(sum);
    }

    /** This instant plus a duration, which may be negative; {@link #MIN} or {@link #MAX} if the sum is out of range. */
    public UniversalTimestamp saturatedPlus(Duration duration) {
        try {
            return plus(duration);
        } catch (InvalidValueException beyond) {
            return duration.isNegative() ? MIN : MAX;
        }
    }

    @Override
    public int compareTo(UniversalTimestamp other) {
        return Long.compare(epochMicros, other.epochMicros);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UniversalTimestamp that && epochMicros == that.epochMicros;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(epochMicros);
    }

    /** The 27 characters {@code uuuu-MM-ddTHH:mm:ss.SSSSSSZ}, whose text order is the order of the instants. */
    @Override
    public String toString() {
        return TimestampText.format(epochMicros);
    }

    private long second() {
        return Math.floorDiv(epochMicros, MICROS_PER_SECOND);
    }

    private int nanoOfSecond() {
        return (int) Math.floorMod(epochMicros, MICROS_PER_SECOND) * NANOS_PER_MICRO;
    }

    private static InvalidValueException outOfRange(Object what) {
        return new InvalidValueException("timestamp outside " + MIN + " to " + MAX + ": " + what);
    }
}
