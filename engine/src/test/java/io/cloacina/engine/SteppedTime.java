package io.cloacina.engine;

import io.cloacina.engine.internal.write.HintSender;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when a test says so, and what is to be done later. */
final class SteppedTime implements HintSender.Later {
    private record Due(long at, long number, Runnable work) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private long now = 1_000;
    private long number;

    long nanos() {
        return now;
    }

    @Override
    public void after(Duration delay, Runnable work) {
        due.add(new Due(now + delay.toNanos(), number++, work));
    }

    /** Does what is due until then, each at its time. */
    void pass(Duration duration) {
        long end = now + duration.toNanos();
        for (Due next = due.peek(); next != null && next.at() <= end; next = due.peek()) {
            due.remove();
            now = Math.max(now, next.at());
            next.work().run();
        }
        now = end;
    }
}
