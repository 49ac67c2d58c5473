package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Collection;
import java.util.UUID;

/**
 * What processes tell each other: that tasks are ready, that an execution has ended or was cancelled, and other
 * changes. A notification may be lost: polling finds what it announced. Nothing about executions is sent while no
 * other runner is known. Thread safe.
 */
public final class Notifier {
    private static final String CAME_OR_LEFT = "h";
    private static final String SCHEDULES = "s";
    private static final String PACKAGES = "p";
    private static final String BULK_OPERATIONS = "o";

    /** How long a transaction of the application that a submission has joined is expected to take at most. */
    private static final long JOINED_NANOS = 600_000_000_000L;

    private final NotificationSender sender;
    private volatile boolean hasOthers;
    private volatile long joinedUntil = System.nanoTime();

    public Notifier(NotificationSender sender) {
        this.sender = sender;
    }

    /** Receives the parts of a notification. An empty notification means that anything may have changed. */
    public interface Handler {
        void ready(int priority);

        void ended(UniversalUuid execution);

        void cancelled(UniversalUuid execution);

        void cameOrLeft();

        void schedules();

        void packages();

        void bulkOperations();

        void anything();
    }

    public void hasOthers(boolean others) {
        hasOthers = others;
    }

    public boolean hasOthers() {
        return hasOthers;
    }

    /**
     * Whether a notification may be news: there are other runners, or the application submits in its own transactions.
     */
    public boolean isNews() {
        return hasOthers || System.nanoTime() - joinedUntil < 0;
    }

    /** A submission has joined a transaction of the application, which may be committed at any time from now on. */
    public void joined() {
        joinedUntil = System.nanoTime() + JOINED_NANOS;
    }

    /** A runner has started: from now on the others notify it of tasks that they leave. */
    public void tellCame() {
        sender.word(CAME_OR_LEFT);
    }

    /** A runner has stopped: the others may claim the tasks that it gave back. */
    public void tellLeft() {
        sender.word(CAME_OR_LEFT);
        sender.ready(2 * Submission.MAX_PRIORITY);
    }

    /** A schedule was stored or enabled: it may fire before the others poll again. */
    public void tellSchedules() {
        sender.word(SCHEDULES);
    }

    /** A package was uploaded or deleted. */
    public void tellPackages() {
        sender.word(PACKAGES);
    }

    /** A bulk operation was started. */
    public void tellBulkOperations() {
        sender.word(BULK_OPERATIONS);
    }

    /** Tasks of at most that priority may be ready, for other runners to claim. */
    public void tellReady(int priority) {
        if (hasOthers) {
            sender.ready(priority);
        }
    }

    /** Tasks of any priority may be ready. */
    public void tellReady() {
        tellReady(2 * Submission.MAX_PRIORITY);
    }

    /**
     * Called after a commit: notifies the others of what they may act upon.
     *
     * @param ended the executions that have ended, without those that a thread of this process awaited: if another
     *     process awaits one of these as well, it finds the end by polling
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
        return effects.budget().ready().values().stream()
                .mapToInt(priority -> priority)
                .max()
                .orElse(2 * Submission.MAX_PRIORITY);
    }

    /** Sends at once what is pending; called when nothing is sent later any more. */
    public void flush() {
        sender.flush();
    }

    public static void read(String text, Handler handler) {
        if (text.isBlank()) {
            handler.anything();
            return;
        }
        for (String part : text.split(" ", -1)) {
            try {
                if (part.equals(CAME_OR_LEFT)) {
                    handler.cameOrLeft();
                } else if (part.equals(SCHEDULES)) {
                    handler.schedules();
                } else if (part.equals(PACKAGES)) {
                    handler.packages();
                } else if (part.equals(BULK_OPERATIONS)) {
                    handler.bulkOperations();
                } else if (part.startsWith("r")) {
                    handler.ready(Integer.parseInt(part.substring(1)));
                } else if (part.startsWith("e")) {
                    handler.ended(UniversalUuid.of(UUID.fromString(part.substring(1))));
                } else if (part.startsWith("c")) {
                    handler.cancelled(UniversalUuid.of(UUID.fromString(part.substring(1))));
                }
            } catch (IllegalArgumentException e) { // from another version of this software, or from other software
                handler.anything();
            }
        }
    }
}
