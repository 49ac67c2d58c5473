package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.HookSignature;
import io.cloacina.engine.internal.host.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks the signature of a delivery: HMAC-SHA-256, compared in constant time. The forms are those of GitHub
 * ("Validating webhook deliveries"), Stripe ("Verify webhook signatures manually") and Standard Webhooks 1.0.
 */
final class HookSigning {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String INVALID = ErrorCodes.INVALID_HOOK;
    private static final String ENCODED = "whsec_";
    private static final int LEAST_SECRET = 16;
    private static final int MOST_SECRET = 500;
    private static final int LONGEST_ID = 64;

    /** The number of codes that are compared, so that a caller cannot make the server compute for long. */
    private static final int MOST_CODES = 10;

    private final String secret;
    private final Instant now;

    HookSigning(String secret, Instant now) {
        this.secret = secret;
        this.now = now;
    }

    /** Refuses a secret that deliveries of that form cannot be signed with. */
    static void checked(HookSignature signature, String secret) {
        checked(INVALID, "a hook", signature, secret);
    }

    /** As {@link #checked(HookSignature, String)}; {@code of}: what the secret belongs to, for the error. */
    static void checked(String code, String of, HookSignature signature, String secret) {
        if (secret.length() < LEAST_SECRET
                || secret.length() > MOST_SECRET
                || !secret.strip().equals(secret)
                || !secret.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw new CloacinaException(
                    code,
                    "the secret of " + of + " must have from " + LEAST_SECRET + " to " + MOST_SECRET
                            + " printable ASCII characters, and no space at either end; create one"
                            + " with 'openssl rand -hex 32'");
        }
        if (signature == HookSignature.STANDARD && decoded(secret).isEmpty()) {
            throw undecodable(code, of);
        }
    }

    /** The header {@code webhook-signature} for a message, according to Standard Webhooks. */
    String signed(String id, String seconds, byte[] body) {
        byte[] code = code(HookSignature.STANDARD, bytes(id + "." + seconds + "."), body);
        return "v1," + Base64.getEncoder().encodeToString(code);
    }

    /**
     * Checks the signature of a delivery.
     *
     * @return the id of the delivery; empty if it is in the body
     */
    String verified(HookSignature signature, Function<String, @Nullable String> header, byte[] body) {
        switch (signature) {
            case GITHUB -> {
                String given = required(header, "X-Hub-Signature-256");
                requireOneOf(new String[] {hex(given, "sha256=")}, code(signature, body), signature);
                return id(header, "X-GitHub-Delivery");
            }
            case STRIPE -> {
                stripe(required(header, "Stripe-Signature"), body);
                return "";
            }
            case STANDARD -> {
                String id = id(header, "webhook-id");
                String time = required(header, "webhook-timestamp");
                requireNow(time);
                String[] given = required(header, "webhook-signature").split(" ", MOST_CODES + 1);
                for (int i = 0; i < given.length; i++) {
                    given[i] = given[i].startsWith("v1,") ? given[i].substring(3) : "";
                }
                requireOneOf(given, code(signature, bytes(id + "." + time + "."), body), signature);
                return id;
            }
        }
        throw new IllegalStateException(signature.toString());
    }

    /** The header is {@code t=TIME,v1=CODE}; while a secret is being replaced it has several codes. */
    private void stripe(String header, byte[] body) {
        String time = "";
        StringBuilder codes = new StringBuilder();
        for (String part : header.split(",", MOST_CODES + 1)) {
            String stripped = part.strip();
            if (stripped.startsWith("t=")) {
                time = stripped.substring(2);
            } else if (stripped.startsWith("v1=")) {
                codes.append(' ').append(hex(stripped, "v1="));
            }
        }
        requireNow(time);
        requireOneOf(
                codes.toString().split(" ", -1),
                code(HookSignature.STRIPE, bytes(time + "."), body),
                HookSignature.STRIPE);
    }

    private void requireNow(String seconds) {
        try {
            Duration away = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now);
            if (away.abs().compareTo(TOLERANCE) <= 0) {
                return;
            }
        } catch (NumberFormatException | ArithmeticException | java.time.DateTimeException e) {
            // refused below
        }
        throw refused("its time is not within five minutes of the time of this server: compare the clocks");
    }

    private static void requireOneOf(String[] given, byte[] expected, HookSignature signature) {
        String code = signature == HookSignature.STANDARD
                ? Base64.getEncoder().encodeToString(expected)
                : HexFormat.of().formatHex(expected);
        boolean isOne = false;
        for (String each : given) {
            isOne |= MessageDigest.isEqual(bytes(code), bytes(each));
        }
        if (!isOne) {
            throw refused(
                    "it was not created with the hook's secret for this body: compare the secrets of both sides, and"
                            + " let nothing between them change the body");
        }
    }

    private static String hex(String given, String prefix) {
        return given.startsWith(prefix) ? given.substring(prefix.length()) : "";
    }

    private byte[] code(HookSignature signature, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(signature, secret), "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static byte[] key(HookSignature signature, String secret) {
        return signature == HookSignature.STANDARD
                ? decoded(secret).orElseThrow(() -> undecodable(INVALID, "a hook"))
                : bytes(secret);
    }

    /** The bytes of a secret; empty if it has the prefix of an encoded one, but is not valid Base64. */
    private static Optional<byte[]> decoded(String secret) {
        if (!secret.startsWith(ENCODED)) {
            return Optional.of(bytes(secret));
        }
        try {
            return Optional.of(Base64.getDecoder().decode(secret.substring(ENCODED.length())))
                    .filter(key -> key.length > 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the caller's error does not contain the secret
        }
    }

    private static CloacinaException undecodable(String code, String of) {
        return new CloacinaException(
                code, "the secret of " + of + " begins with " + ENCODED + ", and the rest is not Base64");
    }

    private static String id(Function<String, @Nullable String> header, String name) {
        String id = header.apply(name);
        if (id == null || id.isBlank()) {
            throw new CloacinaException(ErrorCodes.HOOK_DELIVERY, "the delivery has no id in the header " + name);
        }
        return id;
    }

    private static String required(Function<String, @Nullable String> header, String name) {
        String value = header.apply(name);
        if (value == null || value.isBlank()) {
            throw refused("the header " + name + " is absent: let the sender sign with a secret");
        }
        return value.strip();
    }

    private static CloacinaException refused(String why) {
        return new CloacinaException(ErrorCodes.HOOK_SIGNATURE, "the delivery has no valid signature: " + why);
    }

    /**
     * The idempotency key of a delivery. An id that is long, or has characters that a key may not have, is replaced by
     * its hash.
     */
    static String key(String hook, String delivery) {
        if (delivery.isBlank()) {
            throw new CloacinaException(
                    ErrorCodes.HOOK_DELIVERY, "the delivery has no id in the field 'id' of its body");
        }
        boolean isPlain = delivery.length() <= LONGEST_ID && delivery.chars().allMatch(c -> c > ' ' && c < 127);
        return "hook:" + hook + ":" + (isPlain ? delivery : "sha256:" + Sha256.hex(bytes(delivery)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
