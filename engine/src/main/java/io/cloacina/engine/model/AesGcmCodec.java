package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts payloads with AES-256 in Galois/Counter Mode, according to NIST SP 800-38D. Each text gets a random nonce of
 * 96 bits, and a tag of 128 bits that also covers the name of the column in which the text is stored. The stored form
 * is the id of the key, a colon, and Base64 of nonce, encrypted text and tag. One key encrypts; further keys only
 * decrypt, so that keys can be rotated. Rotate a key before it has encrypted 2^32 texts. Immutable, thread safe.
 */
public final class AesGcmCodec implements PayloadCodec {
    private static final String INVALID = ErrorCodes.INVALID_PAYLOAD_KEY;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,40}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey limits;
    private final String encodingId;
    private final SecretKey encoding;
    private final Map<String, SecretKey> keys;

    private AesGcmCodec(SecretKey limits, String encodingId, SecretKey encoding, Map<String, SecretKey> keys) {
        this.limits = limits;
        this.encodingId = encodingId;
        this.encoding = encoding;
        this.keys = keys;
    }

    /**
     * Creates a codec that encrypts and decrypts with one key.
     *
     * @param limits the key for {@link #fingerprint}: 32 bytes, which must never change
     * @param id identifies the key, and is stored with each text: 1 to 40 letters, digits, dots, underscores and
     *     hyphens
     * @param key the key that encrypts: 32 bytes
     * @throws CloacinaException with the code {@code INVALID_PAYLOAD_KEY} if a key or the id is not valid
     */
    public static AesGcmCodec of(byte[] limits, String id, byte[] key) {
        SecretKey ofLimits = key("the key of limits", limits, "HmacSHA256");
        SecretKey encoding = key(named(requireId(id)), key, "AES");
        return new AesGcmCodec(ofLimits, id, encoding, Map.of(id, encoding));
    }

    /**
     * Returns a copy of this codec that also decrypts with another key.
     *
     * @throws CloacinaException with the code {@code INVALID_PAYLOAD_KEY} if the key or the id is not valid, or there
     *     is already a key of that id
     */
    public AesGcmCodec andDecodes(String id, byte[] key) {
        SecretKey added = key(named(requireId(id)), key, "AES");
        Map<String, SecretKey> all = new LinkedHashMap<>(keys);
        if (all.put(id, added) != null) {
            throw new CloacinaException(
                    INVALID, "there are two keys with the id '" + id + "': give each an id of its own");
        }
        return new AesGcmCodec(limits, encodingId, encoding, Map.copyOf(all));
    }

    /**
     * Creates a codec with the keys in a file. Only its owner may be able to write the file, and not everyone may be
     * able to read it. Each line is an id, a colon and 32 bytes in Base64; empty lines and lines that begin with
     * {@code #} are ignored. The line with the id {@code limits} is the key for {@link #fingerprint}; of the others,
     * the first encrypts, and all decrypt.
     *
     * @throws CloacinaException with the code {@code NO_FILE} if the file cannot be read, or
     *     {@code INVALID_PAYLOAD_KEY} if its content is not valid; no message contains a key
     */
    public static AesGcmCodec ofFile(Path file) {
        Map<String, byte[]> keys = KeyFile.read(Arguments.given("the file of keys", file));
        byte[] limits = Objects.requireNonNull(keys.remove(KeyFile.LIMITS));
        AesGcmCodec codec = null;
        for (Map.Entry<String, byte[]> each : keys.entrySet()) {
            codec = codec == null
                    ? of(limits, each.getKey(), each.getValue())
                    : codec.andDecodes(each.getKey(), each.getValue());
        }
        return Objects.requireNonNull(codec);
    }

    @Override
    public String encode(String text, String place) {
        Arguments.given("the text", text);
        Arguments.given("the place", place);
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, encoding, nonce, place);
            ByteBuffer all = ByteBuffer.allocate(NONCE_BYTES + cipher.getOutputSize(plain.length))
                    .put(nonce);
            cipher.doFinal(ByteBuffer.wrap(plain), all);
            return encodingId + ":" + Base64.getEncoder().withoutPadding().encodeToString(all.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in GCM", e);
        }
    }

    @Override
    public String decode(String encoded, String place) {
        Arguments.given("the place", place);
        int colon = Arguments.given("the encoded text", encoded).indexOf(':');
        String id =
                colon < 0 || !KEY_ID.matcher(encoded.substring(0, colon)).matches() ? "?" : encoded.substring(0, colon);
        SecretKey key = keys.get(id);
        if (key == null) {
            throw unreadable(id, "the keys here are " + keys.keySet(), null);
        }
        try {
            byte[] all = Base64.getDecoder().decode(encoded.substring(colon + 1));
            if (all.length <= NONCE_BYTES) {
                throw unreadable(id, "it is damaged", null);
            }
            byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, place);
            return new String(cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unreadable(id, "the key of that id here is another one, or it was changed or moved", e);
        }
    }

    @Override
    public String fingerprint(String value) {
        try {
            Arguments.given("the value", value);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(limits);
            return Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
        }
    }

    /** The ids of the keys, without the keys. */
    @Override
    public String toString() {
        return "AES-GCM with key '" + encodingId + "' of " + keys.keySet();
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static PayloadUnreadableException unreadable(String id, String why, @Nullable Throwable cause) {
        return new PayloadUnreadableException("a stored value", id, why, cause);
    }

    private static String named(String id) {
        return "key '" + id + "'";
    }

    private static String requireId(String id) {
        if (!KEY_ID.matcher(Arguments.given("the id of a key", id)).matches()) {
            throw new CloacinaException(
                    INVALID,
                    "the id of a key must have 1 to 40 letters, digits, dots, underscores and hyphens, unlike "
                            + Arguments.shown(id));
        }
        return id;
    }

    private static SecretKey key(String what, byte[] bytes, String algorithm) {
        if (Arguments.given(what, bytes).length != KEY_BYTES) {
            throw new CloacinaException(
                    INVALID,
                    what + " must have " + KEY_BYTES + " bytes, but has " + bytes.length
                            + ": make one with 'openssl rand -base64 32'");
        }
        return new SecretKeySpec(bytes, algorithm);
    }
}
