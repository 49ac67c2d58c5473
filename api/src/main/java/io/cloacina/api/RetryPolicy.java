package io.cloacina.api;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts a task has, how long after a failure the next one starts, and which errors are retried. Immutable,
 * thread safe. Methods that begin with {@code max}, {@code jitter} or {@code retry} return a changed policy; a later
 * call of the same method replaces the earlier setting.
 *
 * <pre>{@code
 * RetryPolicy.exponential(5, Duration.ofSeconds(1)).jitter(0.2).retryOn(IOException.class, TimeoutException.class)
 * }</pre>
 */
public final class RetryPolicy {
    private static final Duration HOUR = Duration.ofHours(1);

    /** The number of an attempt is stored, and a task that is retried or recovered gets more of them. */
    private static final int MOST_ATTEMPTS = 1_000_000_000;

    /** One attempt: no retries. */
    public static final RetryPolicy NONE = fixed(1, Duration.ZERO);

    private final int maxAttempts;
    private final Backoff backoff;
    private final List<Class<? extends Throwable>> errors;
    private final @Nullable RetryCondition condition;

    private RetryPolicy(
            int maxAttempts,
            Backoff backoff,
            List<Class<? extends Throwable>> errors,
            @Nullable RetryCondition condition) {
        if (maxAttempts < 1) {
            throw Arguments.invalid("maxAttempts must be 1 or more, not " + maxAttempts);
        }
        this.maxAttempts = Math.min(maxAttempts, MOST_ATTEMPTS);
        this.backoff = backoff;
        this.errors = errors;
        this.condition = condition;
    }

    /**
     * At most {@code maxAttempts} attempts, each {@code delay} after the failure before it. More than a billion
     * attempts count as a billion.
     *
     * @throws CloacinaException if {@code maxAttempts} is less than 1 or the delay is negative
     */
    public static RetryPolicy fixed(int maxAttempts, Duration delay) {
        return growing(maxAttempts, Backoff.Growth.FIXED, delay);
    }

    /**
     * At most {@code maxAttempts} attempts; the second is {@code step} after the first failure, the third
     * {@code 2 * step} after the second, and so on.
     *
     * @throws CloacinaException if {@code maxAttempts} is less than 1 or the step is negative
     */
    public static RetryPolicy linear(int maxAttempts, Duration step) {
        return growing(maxAttempts, Backoff.Growth.LINEAR, step);
    }

    /**
     * At most {@code maxAttempts} attempts; the second is {@code first} after the first failure, and every further
     * delay is twice the one before.
     *
     * @throws CloacinaException if {@code maxAttempts} is less than 1 or the delay is negative
     */
    public static RetryPolicy exponential(int maxAttempts, Duration first) {
        return growing(maxAttempts, Backoff.Growth.EXPONENTIAL, first);
    }

    private static RetryPolicy growing(int maxAttempts, Backoff.Growth growth, Duration first) {
        Duration longest = Arguments.given("the delay", first).compareTo(HOUR) > 0 ? first : HOUR;
        return new RetryPolicy(maxAttempts, new Backoff(growth, first, longest, 0), List.of(), null);
    }

    /**
     * Sets the longest delay. Default: one hour, or the first delay of the policy if that is longer.
     *
     * @throws CloacinaException if it is negative
     */
    public RetryPolicy maxDelay(Duration longest) {
        return with(new Backoff(backoff.growth(), backoff.first(), longest, backoff.jitter()));
    }

    /**
     * Shortens each delay at random by up to this fraction, so that tasks that failed together are not retried
     * together. Default: 0.
     *
     * @throws CloacinaException if it is not from 0 to 1
     */
    public RetryPolicy jitter(double fraction) {
        return with(new Backoff(backoff.growth(), backoff.first(), backoff.longest(), fraction));
    }

    private RetryPolicy with(Backoff changed) {
        return new RetryPolicy(maxAttempts, changed, errors, condition);
    }

    /**
     * Retries only errors of these classes and their subclasses. Default: all errors. Only the exception that the body
     * threw is tested, not its causes ({@link #retryIf} can examine causes). With {@link #retryIf} as well, an error
     * must satisfy both.
     *
     * @throws CloacinaException if no class is given
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final RetryPolicy retryOn(Class<? extends Throwable>... types) {
        List<Class<? extends Throwable>> all = Arguments.all("the classes for retryOn", types);
        if (all.isEmpty()) {
            throw Arguments.invalid("retryOn needs a class; to retry nothing use RetryPolicy.NONE");
        }
        return new RetryPolicy(maxAttempts, backoff, all, condition);
    }

    /** Retries only errors that satisfy this condition. With {@link #retryOn} as well, an error must satisfy both. */
    public RetryPolicy retryIf(RetryCondition test) {
        return new RetryPolicy(maxAttempts, backoff, errors, Arguments.given("the condition", test));
    }

    /** The maximum number of attempts, the first one included. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /**
     * How long after a failure the next attempt starts: at most {@link #maxDelay}.
     *
     * @param failures how many attempts have failed, 1 for the first failure
     * @param random a random number, at least 0 and less than 1; it only matters with jitter
     * @throws CloacinaException if one of them is out of bounds
     */
    public Duration delay(int failures, double random) {
        return backoff.delay(failures, random);
    }

    /**
     * Whether an error of this kind is retried at all; the number of attempts is not considered. A condition that
     * throws counts as false: its exception is added to the suppressed exceptions of the error, whose stack trace shows
     * it.
     */
    public boolean retries(Throwable error) {
        Arguments.given("the error", error);
        if (!errors.isEmpty() && errors.stream().noneMatch(type -> type.isInstance(error))) {
            return false;
        }
        if (condition == null) {
            return true;
        }
        try {
            return condition.test(error);
        } catch (Throwable thrown) { // user code: whatever it throws must not end the thread that asks
            if (thrown != error) {
                error.addSuppressed(thrown);
            }
            return false;
        }
    }

    Optional<RetryCondition> condition() {
        return Optional.ofNullable(condition);
    }

    /** Everything but the code of the condition, the same text in every process. */
    @Override
    public String toString() {
        return maxAttempts + " attempts, " + backoff.growth().name().toLowerCase(Locale.ROOT) + " " + backoff.first()
                + " up to " + backoff.longest() + ", jitter " + backoff.jitter()
                + (errors.isEmpty()
                        ? ""
                        : ", on " + errors.stream().map(Class::getName).toList())
                + (condition == null ? "" : ", on a condition");
    }
}
