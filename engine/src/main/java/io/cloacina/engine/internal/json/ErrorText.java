package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Errors as text that both databases can store. */
public final class ErrorText {
    static final int MAX_LENGTH = 20_000;

    private static final int MAX_SHOWN = 80;

    private ErrorText() {}

    /** The stack trace, cut to {@link #MAX_LENGTH} characters. */
    public static String of(Throwable error) {
        // The limit is in code points, each of which may be two characters.
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

    /** The message of an error, for use within another message. */
    static String message(Throwable error) {
        try {
            return storable(error instanceof JsonProcessingException e ? e.getOriginalMessage() : error.toString());
        } catch (Throwable e) { // the edge of user code, as above
            return error.getClass().getName();
        }
    }

    /** A short text from outside, shortened and without control characters, as a message can show it. */
    public static String shown(String text) {
        boolean isLong = text.length() > MAX_SHOWN;
        String plain = storable(isLong ? text.substring(0, MAX_SHOWN) : text).replaceAll("\\p{Cntrl}", "?");
        return isLong ? plain + "…" : plain;
    }

    /** Replaces U+0000 and unpaired surrogates, which no database stores. */
    public static String storable(String text) {
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** What a value is, and its beginning, if it is plain. */
    static String described(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "the text '" + shown(value.textValue()) + "'";
            case NUMBER -> "the number " + shown(value.asText());
            case BOOLEAN -> "the boolean " + value.asText();
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case NULL, MISSING -> "null";
            case BINARY, POJO -> "a value";
        };
    }
}
