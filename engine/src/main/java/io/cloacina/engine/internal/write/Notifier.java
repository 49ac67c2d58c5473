package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Collection;
import java.util.UUID;

/**
 * What runners tell each other: that there is something to claim, that an execution has ended, that one was cancelled. Hints
 * only: whoever misses one finds out by looking. Of executions nothing is told while no other runner is known. Thread safe.
 */
public final class Notifier {
    private static final String CAME_OR_LEFT = "h";
    private static final String SCHEDULES = "s";
    private static final String PACKAGES = "p";

    /** How long a transaction of the application may take that a submission has joined. */
    private static final long JOINED_NANOS = 600_000_000_000L;

    private final HintSender sender;
    private volatile boolean hasOthers;
    private volatile long joinedUntil = System.nanoTime();

    public Notifier(HintSender sender) {
        this.sender = sender;
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

    /** A submission has joined a transaction of the application, which may be committed at any time from now on. */
    public void joined() {
        joinedUntil = System.nanoTime() + JOINED_NANOS;
    }

    /** A runner has come: others tell it what they leave. */
    public void tellCame() {
        sender.word(CAME_OR_LEFT);
    }

    /** A runner has left, and what it gave back is to be taken. */
    public void tellLeft() {
        sender.word(CAME_OR_LEFT);
        sender.ready(2 * Submission.MAX_PRIORITY);
    }

    /** A schedule was put or enabled: it may fire before anyone looks again. */
    public void tellSchedules() {
        sender.word(SCHEDULES);
    }

    /** A package was uploaded or deleted. */
    public void tellPackages() {
        sender.word(PACKAGES);
    }

    /** Something may be ready of at most that priority, which others may claim. */
    public void tellReady(int priority) {
        if (hasOthers) {
            sender.ready(priority);
        }
    }

    /** Something may be ready, of whatever priority. */
    public void tellReady() {
        tellReady(2 * Submission.MAX_PRIORITY);
    }

    /**
     * After a commit: tells others what they may act upon.
     *
     * @param ended the executions that have ended, but for those that somebody in this process has awaited: whoever awaits one
     *     of these elsewhere as well finds out by looking
     */
    public void committed(CommitEffects effects, Collection<UniversalUuid> ended) {
        if (hasOthers) {
            if (effects.shouldOthersLook()) {
                sender.ready(highest(effects));
            }
            sender.ended(ended);
            sender.cancelled(effects.cancelled());
            sender.cancelled(effects.stopped().values());
        }
    }

    private static int highest(CommitEffects effects) {
        return effects.ready().values().stream()
                .mapToInt(priority -> priority)
                .max()
                .orElse(2 * Submission.MAX_PRIORITY);
    }

    /** Sends what waits to be told, now: nothing is told later any more. */
    public void flush() {
        sender.flush();
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
