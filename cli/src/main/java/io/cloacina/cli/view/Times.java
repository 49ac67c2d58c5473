package io.cloacina.cli.view;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Instants in the time zone of this machine.
 *
 * @param clock what time it is, and in which zone
 */
public record Times(Clock clock) {
    private static final int DATE = "2026-03-01 ".length();

    /** Those of the user's machine. */
    public static Times local() {
        return new Times(Clock.system(ZoneId.systemDefault()));
    }

    /** Date and time; nothing for none. */
    public String full(@Nullable Instant instant) {
        return instant == null ? "" : Format.time(instant, clock.getZone());
    }

    /** The time alone when it is today. */
    public String of(Instant instant) {
        ZoneId zone = clock.getZone();
        String full = Format.time(instant, zone);
        boolean isToday = LocalDate.ofInstant(instant, zone).equals(LocalDate.now(clock));
        return isToday ? full.substring(DATE) : full;
    }
}
