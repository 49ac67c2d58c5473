package io.cloacina.schema.type;

/**
 * Defines which strings both databases store unchanged. PostgreSQL refuses U+0000, which SQLite stores; and both
 * drivers silently turn a lone surrogate into a question mark.
 */
final class TextRules {
    private static final int QUOTED_CHARACTERS = 60;

    private TextRules() {}

    /**
     * Returns the text unchanged.
     *
     * @throws InvalidValueException for U+0000 and lone surrogates, with the index of the {@code char}
     */
    static String storable(String text) {
        int length = text.length();
        for (int index = 0; index < length; index++) {
            char character = text.charAt(index);
            if (character == 0) {
                throw new InvalidValueException("text has U+0000 at char index " + index);
            }
            if (Character.isSurrogate(character)) {
                boolean pair = Character.isHighSurrogate(character)
                        && index + 1 < length
                        && Character.isLowSurrogate(text.charAt(index + 1));
                if (!pair) {
                    throw new InvalidValueException(
                            "text has the lone surrogate U+%04X at char index %d".formatted((int) character, index));
                }
                index++;
            }
        }
        return text;
    }

    /**
     * Returns the text unchanged.
     *
     * @throws InvalidValueException as {@link #storable(String)}, and for more code points than {@code maxCodePoints}
     */
    static String storable(String text, int maxCodePoints) {
        storable(text);
        if (text.length() > maxCodePoints) {
            int codePoints = text.codePointCount(0, text.length());
            if (codePoints > maxCodePoints) {
                throw new InvalidValueException(
                        "text of " + codePoints + " characters, at most " + maxCodePoints + " are allowed");
            }
        }
        return text;
    }

    /** The SQL string literal of a storable text. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The text for a message, shortened if it is long. */
    static String quoted(String text) {
        return text.length() <= QUOTED_CHARACTERS
                ? "'" + text + "'"
                : "'" + text.substring(0, QUOTED_CHARACTERS) + "...' (" + text.length() + " chars)";
    }
}
