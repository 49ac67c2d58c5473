package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.write.NotificationSender;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether submissions that joined transactions of the application were committed, because nothing reports the end of
 * such a transaction: reads a few times whether they are stored. A notification within the transaction is avoided, because on
 * PostgreSQL its commit would take a lock of the whole server. Submissions that are committed later are found by polling.
 * Thread safe.
 */
public final class JoinedRechecks {
    private static final Logger LOG = LoggerFactory.getLogger(JoinedRechecks.class);

    /** When to read, counted from the submission: most are committed at once, some a little later. */
    public static final List<Duration> LOOKS = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    private static final int BATCH = 500;

    private final Function<Collection<UniversalUuid>, Collection<UniversalUuid>> stored;
    private final IntConsumer committed;
    private final NotificationSender.DelayedExecutor delayed;
    private final LongSupplier nanos;
    private final Map<UniversalUuid, Joined> pending = new ConcurrentHashMap<>();

    /**
     * @param stored returns which of these executions are stored and committed
     * @param committed is given the highest priority of the executions that were found
     * @param delayed runs the reads; in an engine that is driven manually it never does
     * @param nanos as {@link System#nanoTime}
     */
    public JoinedRechecks(
            Function<Collection<UniversalUuid>, Collection<UniversalUuid>> stored,
            IntConsumer committed,
            NotificationSender.DelayedExecutor delayed,
            LongSupplier nanos) {
        this.stored = stored;
        this.committed = committed;
        this.delayed = delayed;
        this.nanos = nanos;
    }

    /** {@code looks}: how many reads have not found it. */
    private record Joined(UniversalUuid id, int priority, long atNanos, int looks) {
        boolean isDue(long now) {
            return now - atNanos >= LOOKS.get(looks).toNanos();
        }

        Joined looked() {
            return new Joined(id, priority, atNanos, looks + 1);
        }
    }

    /** A transaction of the application inserted an execution. */
    public void joined(UniversalUuid id, int priority) {
        pending.put(id, new Joined(id, priority, nanos.getAsLong(), 0));
        delayed.after(LOOKS.get(0), this::look);
    }

    private void look() {
        long now = nanos.getAsLong();
        List<Joined> due = new ArrayList<>();
        for (Joined each : pending.values()) {
            if (each.isDue(now) && due.size() < BATCH) {
                due.add(each);
            }
        }
        if (due.isEmpty()) {
            return;
        }
        Set<UniversalUuid> found = find(due);
        int highest = Integer.MIN_VALUE;
        for (Joined each : due) {
            Joined again = each.looked();
            if (found.contains(each.id())) {
                pending.remove(each.id());
                highest = Math.max(highest, each.priority());
            } else if (again.looks() == LOOKS.size()) {
                pending.remove(each.id());
            } else {
                pending.put(each.id(), again);
                Duration left = Duration.ofNanos(
                        each.atNanos() + LOOKS.get(again.looks()).toNanos() - now);
                delayed.after(left.isNegative() ? Duration.ZERO : left, this::look);
            }
        }
        if (!found.isEmpty()) {
            committed.accept(highest);
        }
        if (due.size() == BATCH) {
            delayed.after(Duration.ZERO, this::look);
        }
    }

    private Set<UniversalUuid> find(List<Joined> due) {
        try {
            return Set.copyOf(stored.apply(due.stream().map(Joined::id).toList()));
        } catch (RuntimeException e) { // the database cannot be reached: the next read, or polling, finds them
            LOG.debug("submissions that joined a transaction could not be looked for", e);
            return Set.of();
        }
    }
}
