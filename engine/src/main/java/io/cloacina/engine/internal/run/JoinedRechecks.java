package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.write.HintSender;
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
 * Learns whether submissions were committed that have joined transactions of the application, whose ends nobody tells: looks a few
 * times whether they are stored. Nothing is sent within such a transaction, where a notification would take a lock of the whole
 * server at its commit. What takes longer is found by polling. Thread safe.
 */
public final class JoinedRechecks {
    private static final Logger LOG = LoggerFactory.getLogger(JoinedRechecks.class);

    /** When to look, from the submission on: most are committed at once, some take a little longer. */
    public static final List<Duration> LOOKS = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    private static final int BATCH = 500;

    private final Function<Collection<UniversalUuid>, Collection<UniversalUuid>> stored;
    private final IntConsumer committed;
    private final HintSender.Later later;
    private final LongSupplier nanos;
    private final Map<UniversalUuid, Joined> pending = new ConcurrentHashMap<>();

    /**
     * @param stored which of these executions are stored and committed
     * @param committed is told the highest priority of some that were
     * @param later runs looks; where nothing happens later there is none
     * @param nanos as {@link System#nanoTime}
     */
    public JoinedRechecks(
            Function<Collection<UniversalUuid>, Collection<UniversalUuid>> stored,
            IntConsumer committed,
            HintSender.Later later,
            LongSupplier nanos) {
        this.stored = stored;
        this.committed = committed;
        this.later = later;
        this.nanos = nanos;
    }

    /** {@code looks}: how often it was looked for already. */
    private record Joined(UniversalUuid id, int priority, long atNanos, int looks) {
        boolean isDue(long now) {
            return now - atNanos >= LOOKS.get(looks).toNanos();
        }

        Joined looked() {
            return new Joined(id, priority, atNanos, looks + 1);
        }
    }

    /** An execution was inserted by a transaction of the application. */
    public void joined(UniversalUuid id, int priority) {
        pending.put(id, new Joined(id, priority, nanos.getAsLong(), 0));
        later.after(LOOKS.get(0), this::look);
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
                later.after(left.isNegative() ? Duration.ZERO : left, this::look);
            }
        }
        if (!found.isEmpty()) {
            committed.accept(highest);
        }
        if (due.size() == BATCH) {
            later.after(Duration.ZERO, this::look);
        }
    }

    private Set<UniversalUuid> find(List<Joined> due) {
        try {
            return Set.copyOf(stored.apply(due.stream().map(Joined::id).toList()));
        } catch (RuntimeException e) { // the database is away: the next look, or polling, finds them
            LOG.debug("submissions that joined a transaction could not be looked for", e);
            return Set.of();
        }
    }
}
