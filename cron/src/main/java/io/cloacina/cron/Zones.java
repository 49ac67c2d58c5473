package io.cloacina.cron;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** Time zones by name. */
public final class Zones {
    private Zones() {}

    /**
     * Returns the zone of that name, or of an offset such as {@code +02:00}.
     *
     * @throws CloacinaException if there is no such zone; the message suggests a similar name
     */
    public static ZoneId named(String name) {
        try {
            return ZoneId.of(Arguments.given("the name of the zone", name));
        } catch (DateTimeException e) {
            String meant = nearest(name)
                    .map(zone -> "did you mean '" + zone + "'?")
                    .orElse("name one such as 'Europe/Berlin', 'UTC' or '+02:00'");
            throw new CloacinaException(
                    ErrorCodes.INVALID_ZONE, "there is no time zone " + Arguments.shown(name) + "; " + meant, e);
        }
    }

    /** By a city alone, or with a few typing errors. */
    private static Optional<String> nearest(String name) {
        String given = name.strip().replace(' ', '_');
        Optional<String> city = ZoneId.getAvailableZoneIds().stream()
                .filter(zone -> zone.equalsIgnoreCase(given)
                        || zone.toLowerCase(Locale.ROOT).endsWith("/" + given.toLowerCase(Locale.ROOT)))
                .sorted()
                .findFirst();
        if (city.isPresent()) {
            return city;
        }
        return Arguments.nearest(
                given, ZoneId.getAvailableZoneIds().stream().sorted().toList());
    }
}
