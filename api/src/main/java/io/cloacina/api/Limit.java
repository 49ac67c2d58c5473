package io.cloacina.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many attempts of a task, or executions of a workflow, run at once or start within a period, across all
 * processes that share a database. Work over the limit waits; it is not refused. Immutable.
 *
 * <pre>{@code
 * Limit.atMost(4).per("customer")
 * Limit.starts(100, Duration.ofMinutes(1))
 * }</pre>
 */
public final class Limit {
    /** How many limits a task or a workflow may have. */
    static final int MOST = 4;

    private final int most;
    private final @Nullable Duration every;
    private final @Nullable String key;

    private Limit(int most, @Nullable Duration every, @Nullable String key) {
        if (most < 1) {
            throw Arguments.invalid("a limit must be at least 1, not " + most);
        }
        this.most = most;
        this.every = every;
        this.key = key;
    }

    /**
     * At most {@code most} run at once. The tasks of a dead process count until they are recovered.
     *
     * @throws CloacinaException if it is less than 1
     */
    public static Limit atMost(int most) {
        return new Limit(most, null, null);
    }

    /**
     * At most {@code most} start within any period of length {@code every}, retries included.
     *
     * @throws CloacinaException if the number is less than 1, or the period is not more than zero and at most 36,500
     *     days
     */
    public static Limit starts(int most, Duration every) {
        return new Limit(
                most, Arguments.duration(Arguments.INVALID, "the period of a limit", every, Duration.ofNanos(1)), null);
    }

    /**
     * Applies the limit separately to each value of this key of the execution's input. A key with dots is a path into
     * the value, such as {@code order.customer}, unless the input has a key of exactly that name. For a run for an
     * element of a list, the key is also looked up in what earlier tasks wrote.
     *
     * <p>A submission, or a schedule, whose input has no value for the key, or null, is refused with the code
     * {@code LIMIT_KEY}. Children and runs for elements that have no value for the key share one limit.
     *
     * @throws CloacinaException if the key is blank, longer than 200 characters, or has control characters
     */
    public Limit per(String inputKey) {
        return new Limit(most, every, Arguments.name(Arguments.INVALID, "the key of a limit", inputKey));
    }

    /** The maximum number. */
    public int most() {
        return most;
    }

    /** The period of a limit of starts; empty for a limit of how many run at once. */
    public Optional<Duration> every() {
        return Optional.ofNullable(every);
    }

    /** The key of the input by whose values the limit is applied separately; empty if there is one limit for all. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /** Whether only one runs at once, whatever its input. */
    boolean isForOneAlone() {
        return most == 1 && every == null && key == null;
    }

    /** Such as {@code at once 4 per customer}. */
    @Override
    public String toString() {
        return (every == null ? "at once " + most : "starts " + most + " in " + every)
                + (key == null ? "" : " per " + key);
    }
}
