package io.cloacina.cron;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** Time zones by name. */
public final class Zones {
    private static final int MAX_ERRORS = 3;

    /** No zone has a longer name; to compare a very long one with all would take long. */
    private static final int MAX_LENGTH = 64;

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
                    "INVALID_ZONE", "there is no time zone " + Arguments.shown(name) + "; " + meant, e);
        }
    }

    /** By a city alone, or with a few typing errors. */
    private static Optional<String> nearest(String name) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String given = name.strip().replace(' ', '_');
        Optional<String> city = ZoneId.getAvailableZoneIds().stream()
                .filter(zone -> zone.equalsIgnoreCase(given)
                        || zone.toLowerCase(Locale.ROOT).endsWith("/" + given.toLowerCase(Locale.ROOT)))
                .sorted()
                .findFirst();
        if (city.isPresent()) {
            return city;
        }
        String best = null;
        int least = Math.min(MAX_ERRORS, (given.length() + 1) / 3) + 1;
        for (String zone : ZoneId.getAvailableZoneIds().stream().sorted().toList()) {
            int distance = distance(given, zone);
            if (distance < least) {
                least = distance;
                best = zone;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The Levenshtein distance. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
