package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.write.CommitDelay;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether a lane waits for more writes, and how long; time passes by hand. */
class CommitDelayTest {
    private long now = 7;
    private long waited;
    private final CommitDelay commitDelay = new CommitDelay(() -> now);

    /** What comes, and after how many nanoseconds. */
    private record Arrival(long after, Write write) {}

    private final Deque<Arrival> arriving = new ArrayDeque<>();

    private @Nullable Write next(long nanos) {
        Arrival first = arriving.peek();
        long passes = first == null || first.after() > nanos ? nanos : first.after();
        now += passes;
        waited += passes;
        return first == null || first.after() > nanos ? null : arriving.remove().write();
    }

    private static Write write() {
        return new Write.Call<>(UniversalUuid.v7(), work -> true);
    }

    private static List<Write> writes(int number) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            writes.add(write());
        }
        return writes;
    }

    private void groups(int number, int members, Duration took) {
        for (int i = 0; i < number; i++) {
            commitDelay.begins();
            now += took.toNanos();
            commitDelay.ended(writes(members));
        }
    }

    /** The size of a group that began with so many members. */
    private int gathered(List<Write> first) throws InterruptedException {
        waited = 0;
        List<Write> group = new ArrayList<>(first);
        commitDelay.gather(group, this::next);
        return group.size();
    }

    @Test
    void a_write_that_comes_alone_never_waits() throws InterruptedException {
        groups(10, 20, Duration.ofMillis(8));
        arriving.add(new Arrival(1, write()));

        assertThat(gathered(writes(1))).isEqualTo(1);
        assertThat(waited).isZero();
    }

    @Test
    void a_write_with_a_nudge_is_alone() throws InterruptedException {
        groups(10, 20, Duration.ofMillis(8));

        assertThat(gathered(List.of(write(), new Write.Nudge()))).isEqualTo(2);
        assertThat(waited).isZero();
    }

    @Test
    void in_a_lane_whose_groups_are_single_writes_nobody_waits() throws InterruptedException {
        groups(10, 1, Duration.ofMillis(8));

        assertThat(gathered(writes(3))).isEqualTo(3);
        assertThat(waited).isZero();
    }

    @Test
    void a_busy_lane_waits_for_as_many_as_its_last_groups_had() throws InterruptedException {
        groups(10, 6, Duration.ofMillis(8));
        for (int i = 0; i < 10; i++) {
            arriving.add(new Arrival(Duration.ofMillis(1).toNanos(), write()));
        }

        assertThat(gathered(writes(4))).isEqualTo(6);
        assertThat(waited).isEqualTo(Duration.ofMillis(2).toNanos());
    }

    @Test
    void a_group_that_is_as_large_as_the_last_ones_does_not_wait() throws InterruptedException {
        groups(10, 2, Duration.ofMillis(8));

        assertThat(gathered(writes(2))).isEqualTo(2);
        assertThat(waited).isZero();
    }

    @Test
    void it_waits_half_as_long_as_its_transactions_take() throws InterruptedException {
        groups(10, 6, Duration.ofMillis(8));

        assertThat(gathered(writes(4))).isEqualTo(4);
        assertThat(waited).isEqualTo(Duration.ofMillis(4).toNanos());
    }

    @Test
    void it_waits_five_milliseconds_at_most() throws InterruptedException {
        groups(10, 6, Duration.ofSeconds(2));

        assertThat(gathered(writes(4))).isEqualTo(4);
        assertThat(waited).isEqualTo(CommitDelay.LONGEST.toNanos());
    }

    @Test
    void what_comes_too_late_is_left() throws InterruptedException {
        groups(10, 6, Duration.ofMillis(2));
        arriving.add(new Arrival(Duration.ofMillis(2).toNanos(), write()));

        assertThat(gathered(writes(4))).isEqualTo(4);
        assertThat(arriving).hasSize(1);
    }

    @Test
    void a_group_does_not_grow_beyond_its_bound() throws InterruptedException {
        groups(10, 300, Duration.ofMillis(2));
        for (int i = 0; i < 300; i++) {
            arriving.add(new Arrival(0, write()));
        }

        assertThat(gathered(writes(200))).isEqualTo(256);
        assertThat(arriving).hasSize(244);
    }
}
