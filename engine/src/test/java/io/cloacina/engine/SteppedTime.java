package io.cloacina.engine;

import io.cloacina.engine.internal.write.NotificationSender;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Time that passes when a test says so, and what is to be done later, in the thread of the test. Thread safe. */
final class SteppedTime implements NotificationSender.DelayedExecutor {
    private record Due(long at, long number, Runnable work) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private long now = 1_000;
    private long number;

    synchronized long nanos() {
        return now;
    }

    @Override
    public void after(Duration delay, Runnable work) {
        schedule(delay, work);
    }

    private synchronized Due schedule(Duration delay, Runnable work) {
        Due added = new Due(now + delay.toNanos(), number++, work);
        due.add(added);
        return added;
    }

    private synchronized boolean cancel(Due scheduled) {
        return due.remove(scheduled);
    }

    /** Does what is due until then, each at its time. */
    void pass(Duration duration) {
        long end = nanos() + duration.toNanos();
        for (Due next = next(end); next != null; next = next(end)) {
            next.work().run();
        }
    }

    private synchronized @Nullable Due next(long end) {
        Due next = due.peek();
        if (next == null || next.at() > end) {
            now = end;
            return null;
        }
        now = Math.max(now, next.at());
        return due.remove();
    }

    /** An executor by this time, which can schedule, and is shut down at once. */
    ScheduledExecutorService executor() {
        return proxy(ScheduledExecutorService.class, (name, arguments) -> switch (name) {
            case "schedule" -> {
                Duration delay = Duration.ofNanos(((TimeUnit) arguments[2]).toNanos((long) arguments[1]));
                Due scheduled = schedule(delay, (Runnable) arguments[0]);
                yield proxy(ScheduledFuture.class, (asked, ignored) -> switch (asked) {
                    case "cancel" -> cancel(scheduled);
                    default -> throw new UnsupportedOperationException(asked);
                });
            }
            case "shutdown" -> null;
            case "shutdownNow" -> List.of();
            case "awaitTermination" -> true;
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private interface Answers {
        @Nullable
        Object to(String name, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                SteppedTime.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.to(method.getName(), arguments)));
    }
}
