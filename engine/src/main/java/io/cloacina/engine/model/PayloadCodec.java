package io.cloacina.engine.model;

/**
 * Encodes the values and texts of users before they are stored, and decodes them when they are read; see
 * {@link io.cloacina.engine.EngineBuilder#payloadCodec}. {@link AesGcmCodec} encrypts; other codecs may call a key
 * service.
 *
 * <p>These are encoded: inputs, outputs, signals, elements of lists, the inputs of schedules and successors, what
 * executions carry, the texts of errors, the reasons of skips and pauses, the details of bulk operations, the secrets
 * of webhooks, and the URLs and secrets of alerts. The values by which limits are counted are replaced by their
 * fingerprints. Names, labels, idempotency keys and times are stored as they are.
 *
 * <p>It is called by many threads at once, also within transactions, so it must return quickly. An exception of
 * {@code encode} or {@code fingerprint} fails the write.
 */
public interface PayloadCodec {
    /**
     * Encodes a text. The same text may be encoded differently each time.
     *
     * @param text what a user stores: JSON, or the text of an error
     * @param place the table and column in which it is stored, such as {@code contexts.value}; the same when it is
     *     decoded
     * @return the id of the key, a colon, and the encoded text; printable ASCII without quotes and backslashes
     */
    String encode(String text, String place);

    /**
     * Decodes a text that this or another codec has encoded.
     *
     * @param encoded what {@link #encode} returned, with the id of the key
     * @param place as for {@link #encode}
     * @throws RuntimeException if the text cannot be decoded, such as a {@link PayloadUnreadableException}
     */
    String decode(String encoded, String place);

    /**
     * Replaces the value of a limit's key, such as the customer of {@code @AtMost(per = "customer")}, by a text of at
     * most 100 characters. It must be the same for the same value in all processes and at all times, even after the
     * encryption keys were replaced, and must not reveal the value.
     */
    String fingerprint(String value);
}
