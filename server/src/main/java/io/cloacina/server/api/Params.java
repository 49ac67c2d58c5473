package io.cloacina.server.api;

import io.cloacina.api.Durations;
import io.cloacina.api.Labeled;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.RequestException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameters of a URL, converted to values; a value that cannot be read is refused. */
final class Params {
    private final Call call;

    /** The parameters of a call, which may have no others. */
    Params(Call call, String... known) {
        this.call = call;
        List<String> all = List.of(known);
        for (String name : call.queryNames()) {
            if (!all.contains(name)) {
                throw refused("there is no parameter '" + name + "' here"
                        + (all.isEmpty() ? "" : "; there are " + String.join(", ", all)));
            }
        }
    }

    /** As the constructor, with additional names. */
    static Params of(Call call, List<String> known, String... others) {
        return new Params(
                call, Stream.concat(known.stream(), Arrays.stream(others)).toArray(String[]::new));
    }

    /** Whether at least one of these is given. */
    boolean hasAny(List<String> names) {
        return names.stream().anyMatch(name -> call.query(name).isPresent());
    }

    Optional<String> text(String name) {
        return call.query(name);
    }

    List<String> texts(String name) {
        return call.queries(name);
    }

    int number(String name, int least, int most, int otherwise) {
        Optional<String> given = call.query(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw refused(name + " must be a number from " + least + " to " + most);
    }

    Optional<Duration> span(String name) {
        return call.query(name).map(text -> span(name, text));
    }

    /** A time in the form of ISO 8601, or how long ago it was. */
    Optional<Instant> past(String name) {
        return call.query(name)
                .map(text -> Durations.isShort(text) ? Instant.now().minus(span(name, text)) : instant(name, text));
    }

    static Duration span(String name, String text) {
        return Durations.parseDelay(text)
                .orElseThrow(() ->
                        refused(name + " must be a duration of up to 100 years, such as 500ms, 30s, 5m, 1h30m or 2d"));
    }

    static Instant instant(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw refused(name + " must be a time with its offset from UTC, such as 2026-03-01T17:05:00Z");
        }
    }

    /** The constant with that label, in any case. */
    static <E extends Labeled> E labeled(String name, String label, E[] all) {
        return Arrays.stream(all)
                .filter(each -> each.label().equalsIgnoreCase(label))
                .findFirst()
                .orElseThrow(() -> refused(name + " is one of "
                        + Arrays.stream(all).map(Labeled::label).collect(Collectors.joining(", "))));
    }

    static RequestException refused(String message) {
        return new RequestException("MALFORMED_REQUEST", 400, message);
    }
}
