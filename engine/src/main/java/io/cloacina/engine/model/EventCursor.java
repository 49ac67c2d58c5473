package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the stream of events, between two events. A consumer stores the {@linkplain #toString text} together
 * with the results of the events so far, and {@linkplain #parse parses} it to continue. Cursors are ordered by
 * position. Immutable.
 */
public final class EventCursor implements Comparable<EventCursor> {
    private static final String INVALID_CURSOR = ErrorCodes.INVALID_CURSOR;
    private static final Pattern TEXT =
            Pattern.compile("([0-9TZ:.-]{27})_[0-2]_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final String text;

    private EventCursor(String text) {
        this.text = text;
    }

    /**
     * The position before everything that was stored at that instant or later.
     *
     * @throws CloacinaException if the instant is outside the years 1 to 9999
     */
    public static EventCursor since(Instant instant) {
        Instant checked = Arguments.instant(Arguments.INVALID, "the time since which events are read", instant);
        return new EventCursor(UniversalTimestamp.of(checked) + "_0_" + new UUID(0, 0));
    }

    /** The position before everything in the database. */
    public static EventCursor beginning() {
        return since(Arguments.EARLIEST);
    }

    /**
     * Parses the text that {@link #toString} returned.
     *
     * @throws CloacinaException with the code {@code INVALID_CURSOR} for any other text
     */
    public static EventCursor parse(String text) {
        Matcher parts = TEXT.matcher(Arguments.given("the cursor", text));
        if (!parts.matches() || !isTime(parts.group(1))) {
            throw new CloacinaException(
                    INVALID_CURSOR,
                    Arguments.shown(text)
                            + " is not a cursor of events: pass a cursor that was read with an event, or start at a"
                            + " time");
        }
        return new EventCursor(text);
    }

    private static boolean isTime(String text) {
        try {
            return UniversalTimestamp.parse(text).toString().equals(text);
        } catch (InvalidValueException e) {
            return false;
        }
    }

    @Override
    public int compareTo(EventCursor other) {
        // Each part has its width, and is in the order of the database.
        return text.compareTo(Arguments.given("the cursor", other).text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventCursor cursor && text.equals(cursor.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The cursor as 66 ASCII characters, which need no quoting in a URL or a header. */
    @Override
    public String toString() {
        return text;
    }
}
