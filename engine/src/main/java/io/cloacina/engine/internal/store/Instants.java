package io.cloacina.engine.internal.store;

import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Instants of columns that may be null. */
public final class Instants {
    private Instants() {}

    /** The instant of a stored time; null if there is none. */
    public static @Nullable Instant of(@Nullable UniversalTimestamp at) {
        return at == null ? null : at.toInstant();
    }
}
