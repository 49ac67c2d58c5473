package io.cloacina.cron;

import io.cloacina.api.Arguments;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants at which a cron expression fires in a time zone, from a start (inclusive) to an end (exclusive).
 *
 * <p>When clocks go forward or back: an expression that matches in every hour fires whenever the local time matches, so
 * it fires at even intervals; a skipped local time does not fire, a repeated one fires twice. Any other expression
 * fires once for each local time of a day: a time that is skipped when clocks go forward fires at the moment of the
 * change; a repeated one fires the first time. Times that fall on the same instant fire once. Immutable, thread safe.
 */
public final class CronTimes {
    private final CronExpression expression;
    private final ZoneRules rules;
    private final @Nullable Instant start;
    private final @Nullable Instant end;

    /** The times of an expression in a zone; a null start or end means unbounded. */
    public CronTimes(CronExpression expression, ZoneId zone, @Nullable Instant start, @Nullable Instant end) {
        this.expression = Arguments.given("the cron expression", expression);
        this.rules = Arguments.given("the zone", zone).getRules();
        this.start = start;
        this.end = end;
    }

    /** Returns the first time after an instant; empty if there is none within decades. */
    public Optional<Instant> next(Instant after) {
        Arguments.given("the instant", after);
        // The start belongs to the window.
        Instant from = start != null && after.isBefore(start) ? start.minusNanos(1) : after;
        try {
            return (expression.isOfEveryHour() ? nextOfEveryHour(from) : nextOfDay(from))
                    .filter(found -> end == null || found.isBefore(end));
        } catch (DateTimeException | ArithmeticException e) { // beyond what a time can be
            return Optional.empty();
        }
    }

    /**
     * Returns the last time that is not after {@code until}. {@code known} bounds the search: a time of this schedule
     * that is not after {@code until}.
     */
    public Optional<Instant> last(Instant known, Instant until) {
        if (Arguments.given("the known time", known).isAfter(Arguments.given("the instant", until))) {
            return Optional.empty();
        }
        // As next is monotonic, bisection finds the last one. Times are whole seconds.
        long low = known.getEpochSecond();
        long high = until.getEpochSecond();
        while (low < high) {
            long middle = low + (high - low) / 2;
            Optional<Instant> next = next(Instant.ofEpochSecond(middle));
            if (next.isPresent() && !next.get().isAfter(until)) {
                low = next.get().getEpochSecond();
            } else {
                high = middle;
            }
        }
        return Optional.of(Instant.ofEpochSecond(low));
    }

    /** Goes offset by offset: between two transitions local time is continuous. */
    private Optional<Instant> nextOfEveryHour(Instant after) {
        Instant from = after.plusNanos(1);
        Instant last = after.plus(Duration.ofDays(366L * 50));
        while (from.isBefore(last)) {
            ZoneOffset offset = rules.getOffset(from);
            Optional<Instant> found =
                    expression.from(LocalDateTime.ofInstant(from, offset)).map(time -> time.toInstant(offset));
            ZoneOffsetTransition transition = rules.nextTransition(from);
            if (transition == null || (found.isPresent() && found.get().isBefore(transition.getInstant()))) {
                return found;
            }
            from = transition.getInstant();
        }
        return Optional.empty();
    }

    private Optional<Instant> nextOfDay(Instant after) {
        ZoneOffset offset = rules.getOffset(after);
        LocalDateTime from = LocalDateTime.ofInstant(after, offset).plusNanos(1);
        ZoneOffsetTransition around = rules.getTransition(from);
        if (around != null && around.isOverlap() && offset.equals(around.getOffsetAfter())) {
            // These times were the first time before.
            from = around.getDateTimeBefore();
        }
        while (true) {
            Optional<LocalDateTime> time = expression.from(from);
            if (time.isEmpty()) {
                return Optional.empty();
            }
            Instant found = instant(time.get());
            if (found.isAfter(after)) {
                return Optional.of(found);
            }
            // The end of a gap, reached by a time that was skipped and again by its own.
            from = time.get().plusSeconds(1);
        }
    }

    private Instant instant(LocalDateTime time) {
        ZoneOffsetTransition transition = rules.getTransition(time);
        if (transition != null && transition.isGap()) {
            return transition.getInstant();
        }
        // In an overlap, the offset before.
        return time.toInstant(rules.getOffset(time));
    }
}
