package io.cloacina.engine.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An alert as it was when it was read, without its secret.
 *
 * @param rule the rule: when a message is sent, and to which URL
 * @param isEnabled whether the rule is evaluated
 * @param isSigned whether there is a secret with which messages are signed
 * @param firingSince since when its condition holds; null if it does not, and always for
 *     {@link io.cloacina.api.AlertKind#EXECUTION_ENDED}
 * @param evaluatedAt when a runner last evaluated it, to the minute; null if none has
 * @param lastDelivery the execution that delivers its last message, which may have been deleted; null before the first
 */
public record Alert(
        AlertRule rule,
        boolean isEnabled,
        boolean isSigned,
        @Nullable Instant firingSince,
        @Nullable Instant evaluatedAt,
        @Nullable UUID lastDelivery) {
    /** Whether its condition holds. */
    public boolean isFiring() {
        return firingSince != null;
    }
}
