package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerTest {
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch limitIsOver = new CountDownLatch(1);

    @Test
    void by_hand_nothing_happens_in_another_thread_but_the_end_of_a_time_limit() throws InterruptedException {
        try (Timer timer = new Timer(true, new OwnThreads())) {
            timer.after(Duration.ZERO, () -> ran.add("short"));
            timer.maintenanceAfter(Duration.ZERO, () -> ran.add("upkeep"));
            timer.unlessCancelledAfter(Duration.ofMillis(50), limitIsOver::countDown);

            assertThat(limitIsOver.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ran).isEmpty();
        }
    }

    @Test
    void otherwise_it_does() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        try (Timer timer = new Timer(false, new OwnThreads())) {
            timer.after(Duration.ZERO, both::countDown);
            timer.maintenanceAfter(Duration.ZERO, both::countDown);

            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
