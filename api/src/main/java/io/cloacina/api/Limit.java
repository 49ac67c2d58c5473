package io.cloacina.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many attempts of a task, or executions of a workflow, run at once or start within a time, in all processes
 * on one database together. Work over the limit waits; it is not refused. Immutable.
 *
 * <pre>{@code
 * Limit.atOnce(4).per("customer")
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
            throw Arguments.invalid("a limit is at least 1, not " + most);
        }
        this.most = most;
        this.every = every;
        this.key = key;
    }

    /**
     * At most that many run at once. The tasks of a dead process count until they are recovered.
     *
     * @throws CloacinaException if it is less than 1
     */
    public static Limit atOnce(int most) {
        return new Limit(most, null, null);
    }

    /**
     * At most that many start within any period of that length, retries included.
     *
     * @throws CloacinaException if the number is less than 1, or the time is not more than zero and at most 36,500 days
     */
    public static Limit starts(int most, Duration every) {
        return new Limit(
                most, Arguments.duration(Arguments.INVALID, "the time of a limit", every, Duration.ofNanos(1)), null);
    }

    /**
     * Each value of this key of the execution's input has this limit for itself. A key with dots is a path into the
     * value, such as {@code order.customer}, unless the input has a key of exactly that name. The runs of a task for
     * elements find the key also in what tasks before it wrote.
     *
     * <p>A submission, or a schedule, whose input has no value for the key, or null, is refused with the code {@code
     * LIMIT_KEY}. Children without it, and runs for elements, share one limit.
     *
     * @throws CloacinaException if the key is blank, longer than 200 characters, or has control characters
     */
    public Limit per(String inputKey) {
        return new Limit(most, every, Arguments.name(Arguments.INVALID, "the key of a limit", inputKey));
    }

    /** The number. */
    public int most() {
        return most;
    }

    /** The period of starts; empty if it limits how many run at once. */
    public Optional<Duration> every() {
        return Optional.ofNullable(every);
    }

    /** The key of the input whose values have the limit each; empty if it holds for all together. */
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
