package io.cloacina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    @Test
    void it_stands_still_until_it_is_moved() {
        ManualClock clock = new ManualClock();

        assertThat(clock.instant()).isEqualTo(ManualClock.DEFAULT_START);
        assertThat(clock.instant()).isEqualTo(ManualClock.DEFAULT_START);

        clock.advance(Duration.ofMillis(1_500));
        assertThat(clock.instant()).isEqualTo(ManualClock.DEFAULT_START.plusMillis(1_500));

        clock.set(Instant.EPOCH);
        assertThat(clock.millis()).isZero();
    }

    @Test
    void advancing_it_back_is_refused() {
        ManualClock clock = new ManualClock(Instant.EPOCH);

        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(CloacinaException.class)
                .hasMessageContaining("by -1 s");
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void in_another_zone_it_is_the_same_clock() {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        ManualClock tokyo = clock.withZone(ZoneId.of("Asia/Tokyo"));

        clock.advance(Duration.ofSeconds(2));

        assertThat(tokyo.instant()).isEqualTo(Instant.ofEpochSecond(2));
        assertThat(tokyo.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(tokyo.withZone(clock.getZone())).isEqualTo(clock).hasSameHashCodeAs(clock);
        assertThat(tokyo).isNotEqualTo(clock);
    }

    @Test
    void no_step_is_lost_when_threads_advance_it_at_once() {
        ManualClock clock = new ManualClock(Instant.EPOCH);

        IntStream.range(0, 10_000).parallel().forEach(i -> clock.advance(Duration.ofNanos(1_000)));

        assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusMillis(10));
    }
}
