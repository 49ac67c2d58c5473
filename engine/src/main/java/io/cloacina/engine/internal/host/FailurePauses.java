package io.cloacina.engine.internal.host;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Pauses after failures: what has failed is not tried again until its pause is over. Thread safe. */
public final class FailurePauses<K> {
    private final Map<K, Pause> pauses;
    private final LongSupplier nanos;

    private FailurePauses(Map<K, Pause> pauses, LongSupplier nanos) {
        this.pauses = Collections.synchronizedMap(pauses);
        this.nanos = nanos;
    }

    /**
     * Pauses end by this clock.
     *
     * @param nanos as {@link System#nanoTime}
     */
    public static <K> FailurePauses<K> by(LongSupplier nanos) {
        return new FailurePauses<>(new HashMap<>(), nanos);
    }

    /** The same for keys that are forgotten when nothing else refers to them. */
    public static <K> FailurePauses<K> withWeakKeys(LongSupplier nanos) {
        return new FailurePauses<>(new WeakHashMap<>(), nanos);
    }

    /** The pause after one failure of several in a row. */
    public static final class Pause {
        private final int failures;
        private final long untilNanos;
        private final AtomicBoolean isNoted = new AtomicBoolean();

        private Pause(int failures, long untilNanos) {
            this.failures = failures;
            this.untilNanos = untilNanos;
        }

        /** Notes that somebody knows of this pause; true for the first one. */
        public boolean note() {
            return isNoted.compareAndSet(false, true);
        }
    }

    /** It has failed: it is paused for that long. */
    public void failed(K key, Duration pause) {
        failed(key, failures -> pause);
    }

    /** The same, for a pause that depends on how many failures in a row there are now; returns that number. */
    public int failed(K key, IntFunction<Duration> pause) {
        return pauses.compute(key, (same, before) -> {
                    int failures = before == null ? 1 : before.failures + 1;
                    return new Pause(
                            failures, nanos.getAsLong() + pause.apply(failures).toNanos());
                })
                .failures;
    }

    /** The pause that lasts now; null if there is none. */
    public @Nullable Pause pause(K key) {
        Pause pause = pauses.get(key);
        return pause == null || left(pause) <= 0 ? null : pause;
    }

    /** How long a pause still lasts. */
    public Duration leftOf(Pause pause) {
        return Duration.ofNanos(Math.max(0, left(pause)));
    }

    /** These have succeeded: their failures are forgotten. */
    public void succeeded(Collection<K> keys) {
        if (!pauses.isEmpty()) {
            pauses.keySet().removeAll(keys);
        }
    }

    /** Forgets the failures of all whose pause is over. */
    public void forgetOver() {
        pauses.values().removeIf(pause -> left(pause) <= 0);
    }

    /** How many have failed and are not forgotten. */
    public int size() {
        return pauses.size();
    }

    /** How long the pause lasts that is over first; empty if none has failed. */
    public Optional<Duration> untilFirst() {
        synchronized (pauses) {
            return pauses.values().stream().map(this::leftOf).min(Duration::compareTo);
        }
    }

    private long left(Pause pause) {
        return pause.untilNanos - nanos.getAsLong();
    }
}
