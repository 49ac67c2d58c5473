package io.cloacina.engine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a body threw as text that any database can store. */
final class ErrorText {
    static final int MAX_LENGTH = 20_000;

    private static final int MAX_SHOWN = 80;

    private ErrorText() {}

    /** The stack trace, cut to {@link #MAX_LENGTH} characters. */
    static String of(Throwable error) {
        StringWriter text = new StringWriter();
        try {
            error.printStackTrace(new PrintWriter(text));
        } catch (Throwable e) { // the edge of user code: an exception may fail to describe itself
            text.append(error.getClass().getName()).append(" (which failed to describe itself)");
        }
        return storable(text.toString());
    }

    /** A short text of somebody else's, as a message can show it. */
    static String shown(String text) {
        String plain = storable(text).replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "…";
    }

    /** Neither U+0000 nor half a surrogate pair: no database keeps them. */
    static String storable(String text) {
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
