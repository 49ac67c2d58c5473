package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What runners tell each other: that there is something to claim, that an execution has ended, that one was cancelled. Hints
 * only: whoever misses one finds out by looking. Nothing is told while no other runner is known.
 */
public final class Notifier {
    private static final int MAX_ENDED = 100;
    private static final String CAME_OR_LEFT = "h";
    private static final String SCHEDULES = "s";
    private static final String PACKAGES = "p";

    /** How long a transaction of the application may take that a submission has joined. */
    private static final long JOINED_NANOS = 600_000_000_000L;

    private final long pauseNanos;
    private final Consumer<Runnable> soon;
    private final Runnable nudge;
    private final AtomicLong readyToldAt = new AtomicLong();
    private volatile boolean hasOthers;
    private final AtomicBoolean toldSoon = new AtomicBoolean();
    private final AtomicBoolean owed = new AtomicBoolean();
    private volatile long joinedUntil = System.nanoTime();

    /**
     * @param pause what is ready is told once in this time, because sending a hint takes a lock for the whole server
     * @param soon runs something after such a pause
     * @param nudge makes a transaction happen
     */
    public Notifier(Duration pause, Consumer<Runnable> soon, Runnable nudge) {
        this.pauseNanos = pause.toNanos();
        this.soon = soon;
        this.nudge = nudge;
    }

    /** What a hint says; empty parts say nothing. An empty hint says that anything may have changed. */
    public interface Heard {
        void ready(int priority);

        void ended(UniversalUuid execution);

        void cancelled(UniversalUuid execution);

        void cameOrLeft();

        void schedules();

        void packages();

        void anything();
    }

    public void hasOthers(boolean others) {
        hasOthers = others;
    }

    public boolean hasOthers() {
        return hasOthers;
    }

    /** Whether what is heard may be news: there are others, or the application writes with connections of its own. */
    public boolean isNews() {
        return hasOthers || System.nanoTime() - joinedUntil < 0;
    }

    /** Tells everyone, this engine too, what was submitted by the application's own transaction, when that commits. */
    public void tellAll(WriteTransaction transaction, CommitEffects effects) {
        joinedUntil = System.nanoTime() + JOINED_NANOS;
        int priority = highest(effects);
        transaction.find(Database.NOTIFY, "r" + priority);
    }

    /** A runner has come: others tell it what they leave. */
    static void tellCame(WriteTransaction transaction) {
        transaction.find(Database.NOTIFY, CAME_OR_LEFT);
    }

    /** A runner has left, and what it gave back is to be taken. */
    static void tellLeft(WriteTransaction transaction) {
        transaction.find(Database.NOTIFY, CAME_OR_LEFT + " r" + 2 * Submission.MAX_PRIORITY);
    }

    /** A schedule was put or enabled: it may fire before anyone looks again. */
    public static void tellSchedules(WriteTransaction transaction) {
        transaction.find(Database.NOTIFY, SCHEDULES);
    }

    /** A package was uploaded or deleted. */
    public static void tellPackages(WriteTransaction transaction) {
        transaction.find(Database.NOTIFY, PACKAGES);
    }

    void tellOthers(WriteTransaction transaction, CommitEffects effects) {
        if (!hasOthers) {
            return;
        }
        StringBuilder text = new StringBuilder();
        if (effects.shouldOthersLook() || owed.get()) {
            appendReady(text, effects);
        }
        append(text, 'e', effects.ended());
        append(text, 'c', effects.cancelled());
        if (!text.isEmpty()) {
            transaction.find(Database.NOTIFY, text.toString());
        }
    }

    /** After a commit: what it did not tell is told later, when it can be seen for sure. */
    public void committed(CommitEffects effects) {
        if (effects.hasToldReady()) {
            owed.set(false);
        }
        if (effects.owesHint() && toldSoon.compareAndSet(false, true)) {
            soon.accept(() -> {
                toldSoon.set(false);
                owed.set(true);
                nudge.run();
            });
        }
    }

    private void appendReady(StringBuilder text, CommitEffects effects) {
        long now = System.nanoTime();
        long before = readyToldAt.get();
        if (before != 0 && now - before < pauseNanos) {
            effects.oweHint();
            return;
        }
        readyToldAt.set(now);
        effects.toldReady();
        text.append('r').append(highest(effects)).append(' ');
    }

    private static int highest(CommitEffects effects) {
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

    public static void read(String text, Heard heard) {
        if (text.isBlank()) {
            heard.anything();
            return;
        }
        for (String part : text.split(" ", -1)) {
            try {
                if (part.equals(CAME_OR_LEFT)) {
                    heard.cameOrLeft();
                } else if (part.equals(SCHEDULES)) {
                    heard.schedules();
                } else if (part.equals(PACKAGES)) {
                    heard.packages();
                } else if (part.startsWith("r")) {
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
