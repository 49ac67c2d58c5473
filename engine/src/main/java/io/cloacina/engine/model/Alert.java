package io.cloacina.engine.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it was when it was read, without its secret.
 *
 * @param rule when a message is sent, and where to
 * @param isEnabled whether it is evaluated
 * @param isSigned whether it has a secret, with which its messages are signed
 * @param firingSince since when its condition is fulfilled; null while it is not, and always for one that tells of each
 *     execution
 * @param evaluatedAt when a runner evaluated it last, to a minute; null if none has yet
 * @param lastDelivery the execution that delivers its last message, which may be deleted by now; null before the first
 */
public record Alert(
        AlertRule rule,
        boolean isEnabled,
        boolean isSigned,
        @Nullable Instant firingSince,
        @Nullable Instant evaluatedAt,
        @Nullable UUID lastDelivery) {
    /** Whether its condition is fulfilled. */
    public boolean isFiring() {
        return firingSince != null;
    }
}
