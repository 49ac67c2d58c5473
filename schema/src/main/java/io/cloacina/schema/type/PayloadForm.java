package io.cloacina.schema.type;

import io.cloacina.schema.internal.ArgumentChecks;

/**
 * How payloads, which are the values and texts of users, are stored in their columns. It applies only to columns
 * declared with {@link DataType#payloadJson} or {@link DataType#payloadText}, each time they are bound and read; with
 * {@link #PLAIN} they are stored as they are. Thread safe.
 */
public interface PayloadForm {
    /**
     * The prefix of an encoded text. It begins a JSON object, and an engine never writes a blank after an opening
     * brace, so no value of a user can be mistaken for it.
     */
    String MARK = "{ \"$encoded\":\"";

    /** Payloads are stored as they are. */
    PayloadForm PLAIN = new PayloadForm() {
        @Override
        public String stored(String text, Place place) {
            return text;
        }

        @Override
        public String read(String stored, Place place) {
            return stored;
        }
    };

    /**
     * The column in which a payload is stored.
     *
     * @param column table and column, such as {@code contexts.value}
     * @param isJson whether it is JSON, or any text
     */
    record Place(String column, boolean isJson) {
        /** Checks that nothing is null. */
        public Place {
            ArgumentChecks.given("the column", column);
        }
    }

    /**
     * SQL for the first characters of a payload, on both databases: all of an encoded text, because a part of it has no
     * meaning; the empty text for NULL.
     *
     * @param column with its table
     */
    static String beginning(String column, int characters) {
        ArgumentChecks.given("the column", column);
        return "CASE WHEN substr(" + column + ", 1, " + MARK.length() + ") = '" + MARK + "' THEN " + column
                + " ELSE coalesce(substr(" + column + ", 1, " + characters + "), '') END";
    }

    /** Converts a text to its stored form. */
    String stored(String text, Place place);

    /** Converts a stored text back. */
    String read(String stored, Place place);
}
