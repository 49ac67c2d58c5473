package io.cloacina.server.guard;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Creates random texts that cannot be guessed, and codes that cannot be forged. */
final class Secrets {
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final byte[] key = bytes();

    /** A new random text, for a cookie. */
    String random() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    /** The code of a text: HMAC-SHA-256 under a key of this process. */
    String codeOf(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Whether two texts are equal; the time does not depend on how many of their characters are. */
    static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(hash(one), hash(other));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
