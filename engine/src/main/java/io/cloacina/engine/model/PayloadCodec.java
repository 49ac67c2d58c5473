package io.cloacina.engine.model;

/**
 * Turns what users store into something else before it is stored, and back when it is read; see {@link
 * io.cloacina.engine.EngineBuilder#payloadCodec}. {@link AesGcmCodec} encrypts; others may ask a key service.
 *
 * <p>That are inputs, outputs, signals, elements of lists, the inputs of schedules, the texts of errors, and the reasons of
 * skips and pauses; and the values by which limits count are replaced by their fingerprints. Names, labels, idempotency keys
 * and times are stored as they are.
 *
 * <p>It is called by many threads at once, also within transactions: it should answer at once. What {@code encode} and
 * {@code fingerprint} throw fails the write.
 */
public interface PayloadCodec {
    /**
     * Encodes a text. The same text may be encoded differently each time.
     *
     * @param text what a user stores: JSON, or the text of an error
     * @param place the table and column in which it is stored, such as {@code contexts.value}: the same when it is decoded
     * @return the id of the key, a colon, and what {@link #decode} needs; printable ASCII without quotes and backslashes
     */
    String encode(String text, String place);

    /**
     * Decodes what this or another codec has encoded.
     *
     * @param encoded what {@link #encode} returned, with the id of the key
     * @param place as for {@link #encode}
     * @throws RuntimeException if it cannot, such as a {@link PayloadUnreadableException}
     */
    String decode(String encoded, String place);

    /**
     * What stands for the value of a limit's key, such as the customer of {@code @AtMost(per = "customer")}: the same for the
     * same value in all processes and at all times, also when keys that encode are replaced, and nobody can tell the value
     * from it. At most 100 characters.
     */
    String fingerprint(String value);
}
