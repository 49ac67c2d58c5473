package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;

/** What a body threw as text that any database can store. */
public final class ErrorText {
    static final int MAX_LENGTH = 20_000;

    private static final int MAX_SHOWN = 80;

    private ErrorText() {}

    /** The stack trace, cut to {@link #MAX_LENGTH} characters. */
    public static String of(Throwable error) {
        // As code points, of which each may be two characters.
        BoundedText text = new BoundedText(2 * MAX_LENGTH);
        try {
            error.printStackTrace(new PrintWriter(text));
        } catch (Throwable e) { // the edge of user code: an exception may fail to describe itself
            if (!text.isFull()) {
                return storable(text + error.getClass().getName() + " (which failed to describe itself)");
            }
        }
        return storable(text.toString());
    }

    /** What an error says of itself, in a line for another message. */
    static String message(Throwable error) {
        try {
            return storable(error instanceof JsonProcessingException e ? e.getOriginalMessage() : error.toString());
        } catch (Throwable e) { // the edge of user code, as above
            return error.getClass().getName();
        }
    }

    /** A short text of somebody else's, as a message can show it. */
    public static String shown(String text) {
        boolean isLong = text.length() > MAX_SHOWN;
        String plain = storable(isLong ? text.substring(0, MAX_SHOWN) : text).replaceAll("\\p{Cntrl}", "?");
        return isLong ? plain + "…" : plain;
    }

    /** Neither U+0000 nor half a surrogate pair: no database keeps them. */
    public static String storable(String text) {
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
