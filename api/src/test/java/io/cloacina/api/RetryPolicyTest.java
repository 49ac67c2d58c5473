package io.cloacina.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    @Test
    void none_is_one_attempt() {
        assertThat(RetryPolicy.NONE.maxAttempts()).isEqualTo(1);
        assertThat(RetryPolicy.NONE.delay(1, 0)).isZero();
    }

    @Test
    void a_fixed_delay_is_always_the_same() {
        assertThat(delays(RetryPolicy.fixed(5, SECOND))).containsExactly(1, 1, 1, 1);
    }

    @Test
    void a_linear_delay_grows_by_a_step() {
        assertThat(delays(RetryPolicy.linear(5, SECOND))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void an_exponential_delay_doubles() {
        assertThat(delays(RetryPolicy.exponential(5, SECOND))).containsExactly(1, 2, 4, 8);
    }

    @Test
    void no_delay_is_longer_than_the_longest() {
        assertThat(delays(RetryPolicy.exponential(5, SECOND).maxDelay(Duration.ofSeconds(3))))
                .containsExactly(1, 2, 3, 3);
        assertThat(RetryPolicy.exponential(99, SECOND).delay(98, 0)).isEqualTo(Duration.ofHours(1));
        assertThat(RetryPolicy.fixed(2, SECOND).maxDelay(Duration.ZERO).delay(1, 0))
                .isZero();
    }

    @Test
    void a_delay_above_an_hour_is_kept_when_nothing_else_is_said() {
        assertThat(RetryPolicy.fixed(2, Duration.ofDays(2)).delay(1, 0)).isEqualTo(Duration.ofDays(2));
        assertThat(RetryPolicy.exponential(3, Duration.ofDays(2)).delay(2, 0)).isEqualTo(Duration.ofDays(2));
    }

    @Test
    void large_numbers_do_not_overflow() {
        Duration century = Duration.ofDays(36_500);
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        for (RetryPolicy policy : new RetryPolicy[] {
            RetryPolicy.linear(Integer.MAX_VALUE, century), RetryPolicy.exponential(Integer.MAX_VALUE, century),
        }) {
            for (int failures : new int[] {5, 62, 63, 64, 65, 1_000, Integer.MAX_VALUE}) {
                assertThat(policy.maxDelay(longest).delay(failures, 0)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
                assertThat(policy.delay(failures, 0)).isEqualTo(century);
            }
        }
        assertThat(RetryPolicy.exponential(9, Duration.ZERO).delay(1_000, 0)).isZero();
        assertThat(RetryPolicy.fixed(9, longest).jitter(1).delay(1, ALMOST_ONE)).isBetween(Duration.ZERO, longest);
    }

    @Test
    void jitter_shortens_a_delay_and_never_exceeds_the_longest() {
        RetryPolicy policy = RetryPolicy.exponential(50, SECOND)
                .maxDelay(Duration.ofSeconds(10))
                .jitter(0.25);
        Random random = new Random(1);

        assertThat(policy.delay(1, 0)).isEqualTo(SECOND);
        assertThat(policy.delay(1, 0.5)).isEqualTo(Duration.ofMillis(875));
        for (int failures = 5; failures < 50; failures++) {
            assertThat(policy.delay(failures, random.nextDouble()))
                    .isBetween(Duration.ofMillis(7_500), Duration.ofSeconds(10));
        }
        assertThat(policy.jitter(1).delay(1, ALMOST_ONE)).isBetween(Duration.ZERO, Duration.ofMillis(1));
    }

    @Test
    void every_error_is_tried_again_when_nothing_is_said() {
        assertThat(RetryPolicy.fixed(2, SECOND).retries(new StackOverflowError()))
                .isTrue();
        assertThat(RetryPolicy.fixed(2, SECOND).retries(new IOException())).isTrue();
    }

    @Test
    void errors_are_chosen_by_class_without_their_causes() {
        RetryPolicy policy = RetryPolicy.fixed(2, SECOND).retryOn(IOException.class, IllegalStateException.class);

        assertThat(policy.retries(new FileNotFoundException())).isTrue();
        assertThat(policy.retries(new IllegalStateException())).isTrue();
        assertThat(policy.retries(new IllegalArgumentException())).isFalse();
        assertThat(policy.retries(new UncheckedIOException(new IOException()))).isFalse();
    }

    @Test
    void errors_are_chosen_by_a_condition() {
        RetryPolicy policy = RetryPolicy.fixed(2, SECOND).retryIf(error -> error.getCause() instanceof IOException);

        assertThat(policy.retries(new UncheckedIOException(new IOException()))).isTrue();
        assertThat(policy.retries(new IOException())).isFalse();
    }

    @Test
    void a_class_and_a_condition_must_agree() {
        RetryPolicy policy =
                RetryPolicy.fixed(2, SECOND).retryOn(IOException.class).retryIf(error -> error.getMessage() != null);

        assertThat(policy.retries(new IOException("busy"))).isTrue();
        assertThat(policy.retries(new IOException())).isFalse();
        assertThat(policy.retries(new IllegalStateException("busy"))).isFalse();
    }

    @Test
    void a_condition_that_throws_says_no_and_is_seen() {
        IOException error = new IOException();
        RetryPolicy policy = RetryPolicy.fixed(2, SECOND).retryIf(asked -> {
            throw new AssertionError("broken condition");
        });

        assertThat(policy.retries(error)).isFalse();
        assertThat(error).hasSuppressedException(error.getSuppressed()[0]);
        assertThat(error.getSuppressed()[0]).hasMessage("broken condition");
    }

    @Test
    void a_condition_may_throw_the_very_error() {
        RuntimeException error = new IllegalStateException();
        RetryPolicy policy = RetryPolicy.fixed(2, SECOND).retryIf(asked -> {
            throw (RuntimeException) asked;
        });

        assertThat(policy.retries(error)).isFalse();
        assertThat(error.getSuppressed()).isEmpty();
    }

    @Test
    void a_policy_never_changes() {
        RetryPolicy base = RetryPolicy.fixed(2, SECOND);

        base.maxDelay(Duration.ZERO).jitter(1).retryOn(IOException.class).retryIf(error -> false);

        assertThat(base.delay(1, 0.9)).isEqualTo(SECOND);
        assertThat(base.retries(new IllegalStateException())).isTrue();
    }

    @Test
    void a_policy_says_what_it_is() {
        assertThat(RetryPolicy.exponential(5, SECOND).jitter(0.2).retryOn(IOException.class))
                .hasToString("5 attempts, exponential PT1S up to PT1H, jitter 0.2, on [java.io.IOException]");
        assertThat(RetryPolicy.NONE).hasToString("1 attempts, fixed PT0S up to PT1H, jitter 0.0");
    }

    @Test
    @SuppressWarnings("unchecked")
    void what_is_out_of_bounds_is_refused() {
        RetryPolicy policy = RetryPolicy.fixed(2, SECOND);

        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> RetryPolicy.linear(0, SECOND))
                .withMessage("maxAttempts must be 1 or more, not 0");
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> RetryPolicy.exponential(2, SECOND.negated()))
                .withMessage("the delay must not be negative, but is -1 s");
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> policy.maxDelay(SECOND.negated()))
                .withMessage("the longest delay must not be negative, but is -1 s");
        for (double fraction : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatExceptionOfType(CloacinaException.class)
                    .isThrownBy(() -> policy.jitter(fraction))
                    .withMessage("jitter must be a fraction from 0 to 1, not " + fraction);
        }
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(policy::retryOn)
                .withMessageContaining("retryOn needs a class");
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> policy.delay(0, 0))
                .withMessageContaining("at least 1");
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> policy.delay(1, 1))
                .withMessageContaining("less than 1");
    }

    private static int[] delays(RetryPolicy policy) {
        return IntStream.range(1, policy.maxAttempts())
                .map(failures -> (int) policy.delay(failures, 0.7).toSeconds())
                .toArray();
    }
}
