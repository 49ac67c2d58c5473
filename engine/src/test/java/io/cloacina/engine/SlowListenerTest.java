package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.run.EventPublisher;
import io.cloacina.engine.internal.write.Meter;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowListenerTest {
    private static final int FITS = 100_000;

    private final UUID execution = UUID.randomUUID();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch let = new CountDownLatch(1);
    private final List<EngineEvent> told = new ArrayList<>();
    private final List<EngineEvent> dropped = new ArrayList<>();
    private final EngineMetrics counting = new EngineMetrics() {
        @Override
        public void dropped(EngineEvent event) {
            dropped.add(event);
        }
    };

    @Test
    void what_does_not_fit_into_the_queue_is_dropped_and_counted_and_the_rest_is_told_in_order() {
        EventPublisher publisher = new EventPublisher(
                new Meter(List.of(counting)),
                new UnpublishedSubmissions(true),
                List.of(this::receive),
                true,
                new OwnThreads(),
                () -> false);
        publisher.start();
        publisher.publish(event(0));
        EngineParts.await(inside);
        IntStream.rangeClosed(1, FITS + 3).forEach(i -> publisher.publish(event(i)));

        assertThat(publisher.awaitRoom()).isTrue();
        assertThat(dropped).containsExactly(event(FITS + 1), event(FITS + 2), event(FITS + 3));
        let.countDown();
        publisher.close();
        assertThat(told)
                .isEqualTo(IntStream.rangeClosed(0, FITS).mapToObj(this::event).toList());
    }

    private void receive(EngineEvent event) throws InterruptedException {
        told.add(event);
        inside.countDown();
        let.await();
    }

    private EngineEvent event(int number) {
        return new EngineEvent.ExecutionPaused(execution, "number " + number, Instant.EPOCH);
    }
}
