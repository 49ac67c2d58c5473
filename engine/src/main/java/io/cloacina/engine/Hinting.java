package io.cloacina.engine;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What runners tell each other: that there is something to claim, that an execution has ended, that one was cancelled. Hints
 * only: whoever misses one finds out by looking. Nothing is told while no other runner is known.
 */
final class Hinting {
    private static final int MAX_ENDED = 100;

    /** Sending one takes a lock for the whole server: what is ready is told once in this time. */
    private static final long READY_NANOS = 5_000_000;

    /** How long a transaction of the application may take that a submission has joined. */
    private static final long JOINED_NANOS = 600_000_000_000L;

    private final Consumer<Runnable> soon;
    private final Runnable nudge;
    private final AtomicLong readyToldAt = new AtomicLong();
    private volatile boolean hasOthers;
    private volatile boolean readyToBeTold;
    private volatile long joinedUntil = System.nanoTime();

    /**
     * @param soon runs something a little later
     * @param nudge makes a transaction happen
     */
    Hinting(Consumer<Runnable> soon, Runnable nudge) {
        this.soon = soon;
        this.nudge = nudge;
    }

    /** What a hint says; empty parts say nothing. An empty hint says that anything may have changed. */
    interface Heard {
        void ready(int priority);

        void ended(UniversalUuid execution);

        void cancelled(UniversalUuid execution);

        void anything();
    }

    void hasOthers(boolean others) {
        hasOthers = others;
    }

    boolean hasOthers() {
        return hasOthers;
    }

    /** Whether what is heard may be news: there are others, or the application writes with connections of its own. */
    boolean isNews() {
        return hasOthers || System.nanoTime() - joinedUntil < 0;
    }

    /** Tells everyone, this engine too, what was submitted by the application's own transaction, when that commits. */
    void tellAll(WriteTransaction transaction, Effects effects) {
        joinedUntil = System.nanoTime() + JOINED_NANOS;
        int priority = highest(effects);
        transaction.find(Database.NOTIFY, "r" + priority);
    }

    void tellOthers(WriteTransaction transaction, Effects effects) {
        if (!hasOthers) {
            return;
        }
        StringBuilder text = new StringBuilder();
        if (effects.shouldOthersLook() || readyToBeTold) {
            appendReady(text, effects);
        }
        append(text, 'e', effects.ended());
        append(text, 'c', effects.cancelled());
        if (!text.isEmpty()) {
            transaction.find(Database.NOTIFY, text.toString());
        }
    }

    private void appendReady(StringBuilder text, Effects effects) {
        long now = System.nanoTime();
        long before = readyToldAt.get();
        if (before != 0 && now - before < READY_NANOS) {
            if (!readyToBeTold) {
                readyToBeTold = true;
                soon.accept(nudge);
            }
            return;
        }
        readyToldAt.set(now);
        readyToBeTold = false;
        text.append('r').append(highest(effects)).append(' ');
    }

    private static int highest(Effects effects) {
        return effects.ready().values().stream()
                .mapToInt(priority -> priority)
                .max()
                .orElse(2 * Submission.MAX_PRIORITY);
    }

    /** Of very many only some are told: the others are found by looking. */
    private static void append(StringBuilder text, char kind, Collection<UniversalUuid> executions) {
        executions.stream()
                .limit(MAX_ENDED)
                .forEach(execution -> text.append(kind).append(execution).append(' '));
    }

    static void read(String text, Heard heard) {
        if (text.isBlank()) {
            heard.anything();
            return;
        }
        for (String part : text.split(" ", -1)) {
            try {
                if (part.startsWith("r")) {
                    heard.ready(Integer.parseInt(part.substring(1)));
                } else if (part.startsWith("e")) {
                    heard.ended(UniversalUuid.of(UUID.fromString(part.substring(1))));
                } else if (part.startsWith("c")) {
                    heard.cancelled(UniversalUuid.of(UUID.fromString(part.substring(1))));
                }
            } catch (IllegalArgumentException e) { // of another version of this software, or of somebody else
                heard.anything();
            }
        }
    }
}
