package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.host.ProcessIdentity;
import io.cloacina.engine.internal.host.Processes;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.Liveness;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is taken for dead: whoever is seen to be silent for a whole lease, whatever clocks say. */
class LivenessTest {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration BEAT = LEASE.dividedBy(3);
    private static final UniversalUuid OTHER = UniversalUuid.v7();
    private static final UniversalTimestamp NOON = UniversalTimestamp.parse("2026-03-08T12:00:00.000000Z");

    private Duration time = Duration.ofDays(-3);
    private boolean isRenewing = true;
    private final Liveness liveness = new Liveness(Processes.OF_THIS_HOST, () -> isRenewing, () -> time.toNanos());

    private static RunnerStore.Known elsewhere(long heartbeats, UniversalTimestamp heartbeatAt, Duration lease) {
        ProcessIdentity process = new ProcessIdentity("elsewhere", "another boot", 1, "1");
        return new RunnerStore.Known(OTHER, process, "[]", heartbeats, heartbeatAt, heartbeatAt.plus(lease));
    }

    private static RunnerStore.Known elsewhere(long heartbeats) {
        return elsewhere(heartbeats, NOON, LEASE);
    }

    private boolean isDeadAfter(Duration passed, RunnerStore.Known other) {
        time = time.plus(passed);
        liveness.look(List.of(other));
        return liveness.isDead(other);
    }

    @Test
    void who_is_silent_for_a_whole_lease_is_dead() {
        assertThat(isDeadAfter(Duration.ZERO, elsewhere(7))).isFalse();
        assertThat(isDeadAfter(BEAT, elsewhere(7))).isFalse();
        assertThat(isDeadAfter(BEAT, elsewhere(7))).isFalse();
        assertThat(liveness.left(elsewhere(7))).isEqualTo(BEAT);
        assertThat(isDeadAfter(BEAT, elsewhere(7))).isTrue();
        assertThat(liveness.left(elsewhere(7))).isZero();
    }

    @Test
    void who_renews_its_lease_is_alive_however_seldom_it_is_looked_at() {
        for (long heartbeats = 0; heartbeats < 100; heartbeats++) {
            assertThat(isDeadAfter(Duration.ofHours(heartbeats), elsewhere(heartbeats)))
                    .isFalse();
        }
    }

    @Test
    void a_renewal_ends_a_silence() {
        isDeadAfter(Duration.ZERO, elsewhere(7));
        isDeadAfter(BEAT, elsewhere(7));
        isDeadAfter(BEAT, elsewhere(7));
        assertThat(isDeadAfter(BEAT, elsewhere(8))).isFalse();
        assertThat(isDeadAfter(BEAT, elsewhere(8))).isFalse();
        assertThat(liveness.left(elsewhere(8))).isEqualTo(BEAT.multipliedBy(2));
    }

    @Test
    void what_the_clock_of_the_database_says_plays_no_part() {
        for (String at :
                List.of("0001-01-01T00:00:00.000000Z", "2026-03-08T07:00:00.000000Z", "9998-01-01T00:00:00.000000Z")) {
            UniversalTimestamp heartbeatAt = UniversalTimestamp.parse(at);
            assertThat(isDeadAfter(Duration.ofSeconds(1), elsewhere(7, heartbeatAt, LEASE)))
                    .as("seen to be silent for two seconds at most")
                    .isFalse();
        }
    }

    @Test
    void many_looks_count_no_more_than_the_time_between_them() {
        isDeadAfter(Duration.ZERO, elsewhere(7));
        for (int i = 1; i < 1_500; i++) {
            assertThat(isDeadAfter(Duration.ofMillis(10), elsewhere(7))).isFalse();
        }
        assertThat(isDeadAfter(Duration.ofMillis(10), elsewhere(7))).isTrue();
    }

    @Test
    void a_machine_that_sleeps_stops_everyone_so_its_sleep_is_no_silence() {
        isDeadAfter(Duration.ZERO, elsewhere(7));
        isDeadAfter(BEAT, elsewhere(7));
        assertThat(isDeadAfter(Duration.ofDays(2), elsewhere(7))).isFalse();
        assertThat(isDeadAfter(BEAT, elsewhere(8)))
                .as("it has woken up as well")
                .isFalse();
    }

    @Test
    void who_cannot_renew_its_own_lease_says_nothing_of_others() {
        isDeadAfter(Duration.ZERO, elsewhere(7));
        isRenewing = false;
        for (int i = 0; i < 10; i++) {
            assertThat(isDeadAfter(BEAT, elsewhere(7))).isFalse();
        }
        isRenewing = true;
        assertThat(isDeadAfter(BEAT, elsewhere(7))).isFalse();
        assertThat(isDeadAfter(BEAT, elsewhere(7))).isFalse();
        assertThat(isDeadAfter(BEAT, elsewhere(7))).isTrue();
    }

    @Test
    void each_runner_has_its_own_lease() {
        Duration lease = Duration.ofMinutes(10);
        isDeadAfter(Duration.ZERO, elsewhere(7, NOON, lease));
        for (int i = 1; i < 120; i++) {
            assertThat(isDeadAfter(BEAT, elsewhere(7, NOON, lease))).isFalse();
        }
        assertThat(isDeadAfter(BEAT, elsewhere(7, NOON, lease))).isTrue();
    }

    @Test
    void one_that_was_condemned_is_dead_at_once_until_it_renews_its_lease() {
        ProcessIdentity process = new ProcessIdentity("elsewhere", "another boot", 1, "1");
        RunnerStore.Known condemned = new RunnerStore.Known(OTHER, process, "[]", 7, NOON, UniversalTimestamp.MIN);
        assertThat(isDeadAfter(Duration.ZERO, condemned)).isTrue();
        assertThat(isDeadAfter(Duration.ZERO, elsewhere(8))).isFalse();
    }

    @Test
    void who_was_not_looked_at_is_alive() {
        assertThat(liveness.isDead(elsewhere(7))).isFalse();
        isDeadAfter(Duration.ZERO, elsewhere(7));
        isDeadAfter(LEASE, elsewhere(7));
        isDeadAfter(LEASE, elsewhere(7));
        isDeadAfter(LEASE, elsewhere(7));
        assertThat(liveness.isDead(elsewhere(8))).as("another look knew better").isFalse();
    }
}
