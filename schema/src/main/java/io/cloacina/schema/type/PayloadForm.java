package io.cloacina.schema.type;

/**
 * How the texts that users store stand in their columns. Only columns that are declared with {@link DataType#payloadJson} or
 * {@link DataType#payloadText} pass through it, each time they are bound and read; with {@link #PLAIN} they are stored as they
 * are. Thread safe.
 */
public interface PayloadForm {
    /**
     * What a text begins with that is not stored as it is. It is the beginning of an object of JSON, and the blank behind the
     * brace is in no JSON that an engine writes: no value of a user can be mistaken for it.
     */
    String MARK = "{ \"$encoded\":\"";

    /** As they are. */
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
     * Where a text is stored.
     *
     * @param column table and column, such as {@code contexts.value}
     * @param isJson whether it is JSON, or any text
     */
    record Place(String column, boolean isJson) {}

    /**
     * The SQL for the beginning of such a text, on both databases: of what is not stored as it is a part means nothing, so all of it
     * is read. Of NULL it is the empty text.
     *
     * @param column with its table
     */
    static String beginning(String column, int characters) {
        return "CASE WHEN substr(" + column + ", 1, " + MARK.length() + ") = '" + MARK + "' THEN " + column
                + " ELSE coalesce(substr(" + column + ", 1, " + characters + "), '') END";
    }

    /** A text as its column takes it. */
    String stored(String text, Place place);

    /** The text of which that was stored. */
    String read(String stored, Place place);
}
