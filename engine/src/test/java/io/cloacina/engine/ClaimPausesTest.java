package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How an engine slows down when its executor refuses bodies. */
class ClaimPausesTest {
    private static final long SECOND = 1_000_000_000;

    private final ClaimPauses pauses = new ClaimPauses();

    @Test
    void pauses_double_up_to_some_seconds_while_no_body_begins() {
        assertThat(Stream.generate(() -> pauses.next(false)).limit(7).map(Duration::toMillis))
                .containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 4_000L, 4_000L);
    }

    @Test
    void a_body_that_begins_makes_them_short_again() {
        pauses.next(false);
        pauses.next(false);
        assertThat(pauses.next(true)).isEqualTo(ClaimPauses.SHORTEST);
        assertThat(pauses.next(true)).isEqualTo(ClaimPauses.SHORTEST);
        assertThat(pauses.next(false)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void one_refusal_a_minute_is_a_warning_whatever_the_clock_begins_with() {
        long start = Long.MAX_VALUE - 30 * SECOND; // overflows meanwhile
        assertThat(pauses.isToWarn(start)).isTrue();
        assertThat(pauses.isToWarn(start + 1)).isFalse();
        assertThat(pauses.isToWarn(start + 59 * SECOND)).isFalse();
        assertThat(pauses.isToWarn(start + 60 * SECOND)).isTrue();
        assertThat(pauses.isToWarn(start + 61 * SECOND)).isFalse();
    }
}
