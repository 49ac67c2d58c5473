package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.run.JoinedRechecks;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When the engine looks whether the application has committed what it submitted; time passes by hand. */
class JoinedRechecksTest {
    private final SteppedTime time = new SteppedTime();
    private final Set<UniversalUuid> stored = new HashSet<>();
    private final List<Long> looks = new ArrayList<>();
    private final List<Integer> committed = new ArrayList<>();
    private boolean isAway;
    private final JoinedRechecks rechecks = new JoinedRechecks(this::find, committed::add, time, time::nanos);
    private final long begin = time.nanos();

    private Collection<UniversalUuid> find(Collection<UniversalUuid> executions) {
        looks.add(Duration.ofNanos(time.nanos() - begin).toMillis());
        if (isAway) {
            throw new IllegalStateException("away");
        }
        return executions.stream().filter(stored::contains).toList();
    }

    @Test
    void one_that_is_committed_at_once_is_seen_at_the_first_look_and_not_looked_for_again() {
        UniversalUuid id = UniversalUuid.v7();
        rechecks.joined(id, 4);
        stored.add(id);
        time.pass(Duration.ofMinutes(1));

        assertThat(looks).containsExactly(10L);
        assertThat(committed).containsExactly(4);
    }

    @Test
    void one_that_takes_longer_is_seen_at_the_next_look() {
        UniversalUuid id = UniversalUuid.v7();
        rechecks.joined(id, 4);
        time.pass(Duration.ofMillis(150));
        stored.add(id);
        time.pass(Duration.ofMinutes(1));

        assertThat(looks).containsExactly(10L, 50L, 200L);
        assertThat(committed).containsExactly(4);
    }

    @Test
    void one_that_is_rolled_back_is_looked_for_five_times() {
        rechecks.joined(UniversalUuid.v7(), 4);
        time.pass(Duration.ofMinutes(1));

        assertThat(looks).containsExactly(10L, 50L, 200L, 1_000L, 5_000L);
        assertThat(committed).isEmpty();
    }

    @Test
    void several_are_looked_for_together() {
        for (int i = 0; i < 100; i++) {
            UniversalUuid id = UniversalUuid.v7();
            stored.add(id);
            rechecks.joined(id, i);
        }
        time.pass(Duration.ofMinutes(1));

        assertThat(looks).containsExactly(10L);
        assertThat(committed).containsExactly(99);
    }

    @Test
    void while_the_database_is_away_the_next_look_finds_them() {
        UniversalUuid id = UniversalUuid.v7();
        stored.add(id);
        rechecks.joined(id, 4);
        isAway = true;
        time.pass(Duration.ofMillis(20));
        isAway = false;
        time.pass(Duration.ofMinutes(1));

        assertThat(looks).containsExactly(10L, 50L);
        assertThat(committed).containsExactly(4);
    }
}
