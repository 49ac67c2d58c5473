package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import org.jspecify.annotations.Nullable;

/**
 * A stored value was encoded by a {@link PayloadCodec}, and this process cannot decode it. Its code is
 * {@code PAYLOAD_UNREADABLE}.
 */
public final class PayloadUnreadableException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final String keyId;

    /** For the key that the value was encoded with, and the reason why it cannot be decoded: the end of a sentence. */
    public PayloadUnreadableException(String what, String keyId, String why, @Nullable Throwable cause) {
        super(
                ErrorCodes.PAYLOAD_UNREADABLE,
                what + " is encoded with key '" + keyId + "', and " + why
                        + ": add that key to payloadCodec, or on the command line to --key-file",
                cause);
        this.keyId = keyId;
    }

    /** The id of the key that the value was encoded with. */
    public String keyId() {
        return keyId;
    }
}
