package io.cloacina.engine.internal.json;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.model.PayloadCodec;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.schema.type.PayloadForm;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an engine stores what users gave it: unchanged, or as its codec encodes it, between {@link PayloadForm#MARK} and
 * {@link #END}. A value that cannot be decoded does not let a statement fail: a text is replaced by a sentence that says so,
 * and JSON is left encoded until it is parsed, which fails. Thread safe.
 */
public final class Payloads implements PayloadForm {
    /** The payloads of an engine without a codec. */
    public static final Payloads PLAIN = new Payloads(null);

    private static final String END = "\"}";

    /** The first character of the value of a limit's key if only its fingerprint is stored; no JSON begins with it. */
    private static final String FINGERPRINT = "#";

    private static final Logger LOG = LoggerFactory.getLogger(Payloads.class);
    private static final int MAX_WARNED = 100;

    private final @Nullable PayloadCodec codec;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    public Payloads(@Nullable PayloadCodec codec) {
        this.codec = codec;
    }

    @Override
    public String stored(String text, Place place) {
        boolean isMarked = text.startsWith(MARK);
        if (isMarked && place.isJson()) {
            return text; // JSON that could not be decoded here is stored unchanged
        }
        if (codec == null) {
            return isMarked ? " " + text : text;
        }
        @Nullable String encoded = codec.encode(text, place.column());
        if (encoded == null
                || encoded.isEmpty()
                || !encoded.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\')) {
            throw new CloacinaException(
                    ErrorCodes.PAYLOAD_CODEC,
                    "the payload codec " + codec.getClass().getName()
                            + " must encode to printable ASCII without quotes and backslashes");
        }
        return MARK + encoded + END;
    }

    @Override
    public String read(String stored, Place place) {
        if (!stored.startsWith(MARK)) {
            return stored;
        }
        if (codec != null && stored.endsWith(END)) {
            try {
                return codec.decode(stored.substring(MARK.length(), stored.length() - END.length()), place.column());
            } catch (RuntimeException e) { // the edge of user code, or the key is missing
                warn(keyId(stored), place, e);
            }
        }
        return place.isJson() ? stored : "encoded with key '" + keyId(stored) + "', which cannot be decoded here";
    }

    private void warn(String keyId, Place place, RuntimeException why) {
        if (warned.size() < MAX_WARNED && warned.add(keyId)) {
            LOG.warn(
                    "what is stored in {} with key '{}' cannot be decoded; later ones of that key are not logged",
                    place.column(),
                    keyId,
                    why);
        }
    }

    private static String keyId(String stored) {
        String encoded = stored.substring(MARK.length());
        int colon = encoded.indexOf(':');
        return ErrorText.shown(colon < 0 ? encoded : encoded.substring(0, colon));
    }

    /** Refuses JSON that could not be decoded when it was read. */
    static void requireDecoded(String json, String what) {
        if (json.startsWith(MARK)) {
            throw new PayloadUnreadableException(
                    what, keyId(json), "this process has no such key, or it does not fit", null);
        }
    }

    /** The value of a limit's key as it is stored. */
    public String limitValue(String json) {
        return codec == null ? json : FINGERPRINT + codec.fingerprint(json);
    }

    /** Whether only the fingerprint of the value of a limit's key is known. */
    public static boolean isFingerprint(String value) {
        return value.startsWith(FINGERPRINT);
    }
}
