package io.cloacina.engine.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailurePausesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    // Near the end of the values, because only differences of a nanoTime mean anything.
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - SECOND.toNanos() / 2);
    private final FailurePauses<String> failing = FailurePauses.by(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void what_fails_is_not_tried_until_its_pause_is_over() {
        failing.failed("a", SECOND);

        assertThat(failing.pause("a")).isNotNull();
        assertThat(failing.pause("b")).isNull();
        pass(SECOND.minusNanos(1));
        assertThat(failing.pause("a")).isNotNull();
        pass(Duration.ofNanos(1));
        assertThat(failing.pause("a")).isNull();
    }

    @Test
    void failures_in_a_row_are_counted_beyond_their_pauses_until_it_succeeds() {
        assertThat(failing.failed("a", SECOND::multipliedBy)).isEqualTo(1);
        pass(SECOND);
        assertThat(failing.failed("a", SECOND::multipliedBy)).isEqualTo(2);
        assertThat(failing.untilFirst()).contains(SECOND.multipliedBy(2));

        failing.succeeded(List.of("a", "b"));

        assertThat(failing.pause("a")).isNull();
        assertThat(failing.failed("a", SECOND::multipliedBy)).isEqualTo(1);
    }

    @Test
    void only_what_is_left_alone_no_more_is_forgotten() {
        failing.failed("a", SECOND);
        failing.failed("b", SECOND.multipliedBy(3));
        assertThat(failing.untilFirst()).contains(SECOND);
        pass(SECOND);

        failing.forgetOver();

        assertThat(failing.size()).isEqualTo(1);
        assertThat(failing.untilFirst()).contains(SECOND.multipliedBy(2));
        pass(SECOND.multipliedBy(2));
        failing.forgetOver();
        assertThat(failing.untilFirst()).isEqualTo(Optional.empty());
    }

    @Test
    void a_pause_is_noted_once_and_the_next_one_again() {
        failing.failed("a", SECOND);
        FailurePauses.Pause pause = Objects.requireNonNull(failing.pause("a"));
        assertThat(failing.leftOf(pause)).isEqualTo(SECOND);
        assertThat(pause.note()).isTrue();
        assertThat(Objects.requireNonNull(failing.pause("a")).note()).isFalse();

        failing.failed("a", SECOND);

        assertThat(Objects.requireNonNull(failing.pause("a")).note()).isTrue();
    }
}
